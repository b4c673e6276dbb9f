package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"crier/internal/domain"
)

// Pictures keeps what authors uploaded.
type Pictures struct{ DB *DB }

type pictureRow struct {
	Token     string
	Type      string
	Width     int
	Height    int
	Data      []byte
	CreatedAt stamp  `db:"created_at"`
	CreatedBy string `db:"created_by"`
}

// Add keeps a picture under its token. Where one with the same content is kept already, it
// answers that one instead, and nothing changes.
func (s Pictures) Add(ctx context.Context, p domain.Picture) (domain.Picture, error) {
	sum := sha256.Sum256(p.Data)
	mark := hex.EncodeToString(sum[:])
	_, err := s.DB.once().exec(ctx, `INSERT INTO pictures (token, sha256, type, width, height, data, created_at, created_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING`,
		p.Token, mark, p.Type, p.Width, p.Height, p.Data, p.CreatedAt, p.CreatedBy)
	if err != nil {
		return domain.Picture{}, err
	}
	return s.one(ctx, s.DB.once(), "sha256", mark)
}

// Get is the picture of a token.
func (s Pictures) Get(ctx context.Context, token string) (domain.Picture, error) {
	return s.one(ctx, s.DB.view(), "token", token)
}

func (s Pictures) one(ctx context.Context, t *tx, column, value string) (domain.Picture, error) {
	var row pictureRow
	err := t.get(ctx, &row, `SELECT token, type, width, height, data, created_at, created_by FROM pictures WHERE `+column+` = ?`, value)
	return domain.Picture{
		Token: row.Token, Type: row.Type, Width: row.Width, Height: row.Height, Data: row.Data,
		CreatedAt: row.CreatedAt.Time(), CreatedBy: row.CreatedBy,
	}, err
}
