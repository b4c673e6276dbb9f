package store

import (
	"context"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"
)

// prepared keeps a pool's statements parsed and planned. A busy program asks for the same
// few over and over: preparing each anew costs a round trip to PostgreSQL and most of the
// time of a small read in SQLite.
type prepared struct {
	db     *sqlx.DB
	mu     sync.RWMutex
	byText map[string]*sqlx.Stmt // nil while somebody prepares it
}

func newPrepared(db *sqlx.DB) *prepared { return &prepared{db: db, byText: map[string]*sqlx.Stmt{}} }

// Lists of values make texts without end: only those of moderate length are kept, and not
// too many. On SQLite a chunk of an audience is one.
const (
	maxPrepared   = 256
	maxParameters = 3200
)

// known is the statement of a text if it is kept already, without waiting for anything.
func (p *prepared) known(text string) *sqlx.Stmt {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.byText[text]
}

// get is the statement of a text, kept from now on, or nil where it is not worth keeping or
// somebody prepares it at this moment. It takes a connection for a moment: whoever is in a
// transaction must not ask, for it may hold the only one.
func (p *prepared) get(ctx context.Context, text string) (*sqlx.Stmt, error) {
	if stmt := p.known(text); stmt != nil || !p.reserve(text) {
		return stmt, nil
	}
	// Nothing is locked while it prepares, for that waits for a connection. Nor does a second
	// prepare the same, to close it again: that waits for whatever its connection does by then,
	// which may wait in turn for somebody who asks what is known.
	stmt, err := p.db.PreparexContext(ctx, p.rebind(text))
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		delete(p.byText, text)
		return nil, err
	}
	p.byText[text] = stmt
	return stmt, nil
}

// reserve says whether the caller is the one who prepares a text.
func (p *prepared) reserve(text string) bool {
	if !p.worth(text) {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	_, taken := p.byText[text]
	if !taken {
		p.byText[text] = nil
	}
	return !taken
}

func (p *prepared) worth(text string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.byText) < maxPrepared && strings.Count(text, "?") <= maxParameters
}

func (p *prepared) rebind(text string) string {
	if p.db.DriverName() == "postgres" {
		return sqlx.Rebind(sqlx.DOLLAR, text)
	}
	return text
}

func (p *prepared) close() error {
	p.mu.Lock()
	statements := p.byText
	p.byText = map[string]*sqlx.Stmt{}
	p.mu.Unlock()
	var err error
	for _, stmt := range statements {
		if stmt == nil {
			continue
		}
		if e := stmt.Close(); e != nil {
			err = e
		}
	}
	return err
}
