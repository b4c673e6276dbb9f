package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
)

// Settings keeps single values.
type Settings struct{ DB *DB }

// Secret is the value of that name, made at random (256 bits) the first time it is asked for.
func (s Settings) Secret(ctx context.Context, name string) (string, error) {
	fresh := make([]byte, 32)
	rand.Read(fresh) //nolint:errcheck // never fails
	_, err := s.DB.once().exec(ctx, `INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`, name, hex.EncodeToString(fresh))
	if err != nil {
		return "", err
	}
	var value string
	err = s.DB.once().get(ctx, &value, `SELECT value FROM settings WHERE name = ?`, name)
	return value, err
}
