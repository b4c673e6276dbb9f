package domain

import (
	"fmt"
	"time"
)

// Unavailable says that the directory did not answer. Permission is set when it refuses to,
// and names what an administrator has to consent to; RetryAfter is when it may be asked
// again (zero: not said).
type Unavailable struct {
	Permission string
	RetryAfter time.Duration
	Err        error
}

func (u *Unavailable) Error() string {
	if u.Permission != "" {
		return fmt.Sprintf("the directory refuses: the permission %s is missing: %v", u.Permission, u.Err)
	}
	return fmt.Sprintf("the directory does not answer: %v", u.Err)
}

func (u *Unavailable) Unwrap() error { return u.Err }
