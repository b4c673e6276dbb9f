package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// silence is how long PostgreSQL may say nothing in the middle of a statement. The driver
// asks it to stop when a context ends, but waits for the answer: from a server that is frozen,
// or behind a network that swallows everything, none would ever come.
const silence = 30 * time.Second

// openPool is sqlx.Open, but for connections to PostgreSQL that do not wait for ever.
func openPool(driver, source string) (*sqlx.DB, error) {
	if driver != "postgres" {
		return sqlx.Open(driver, source)
	}
	connector, err := postgresAt(source)
	if err != nil {
		return nil, err
	}
	return sqlx.NewDb(sql.OpenDB(connector), driver), nil
}

func postgresAt(source string) (driver.Connector, error) {
	connector, err := pq.NewConnector(source)
	if err != nil {
		return nil, err
	}
	connector.Dialer(impatient{})
	return tuned{connector}, nil
}

// settings are what a connection to PostgreSQL is told when it is made.
//
// A page somewhere costs hardly more than the next one, as it is in memory and on solid state. As
// PostgreSQL comes it takes them for four times as dear, and reads a whole table of deliveries for
// the two hundred rows whose ids it was given.
//
// It compiles what it takes for expensive (jit), which is milliseconds for a look at a table that it
// takes for large and that is empty. No statement here is worth that.
//
// A transaction that nobody goes on with ends by itself: a process that is frozen in the middle of
// one, or cut off, would keep its locks for hours, and the others could neither send nor bury it.
// It ends before they would.
const settings = `SET random_page_cost = 1.1; SET jit = off; SET idle_in_transaction_session_timeout = '5s'`

// tuned connects to PostgreSQL and tells it the settings.
type tuned struct{ driver.Connector }

func (t tuned) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := t.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.(driver.ExecerContext).ExecContext(ctx, settings, nil); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// impatient dials connections whose reads end after silence.
type impatient struct{ net.Dialer }

func (d impatient) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d impatient) DialTimeout(network, address string, limit time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

func (d impatient) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := d.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return impatientConn{c}, nil
}

type impatientConn struct{ net.Conn }

func (c impatientConn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}
