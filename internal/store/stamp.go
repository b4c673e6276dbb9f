package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// stamp is a time as a column holds it: milliseconds since 1970, null for the zero time.
type stamp time.Time

// Time is the time in UTC.
func (s stamp) Time() time.Time { return time.Time(s) }

// Value is what the column holds.
func (s stamp) Value() (driver.Value, error) {
	if time.Time(s).IsZero() {
		return nil, nil
	}
	return time.Time(s).UnixMilli(), nil
}

// Scan reads the column.
func (s *stamp) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*s = stamp{}
	case int64:
		*s = stamp(time.UnixMilli(v).UTC())
	default:
		return fmt.Errorf("a time column held %T", value)
	}
	return nil
}
