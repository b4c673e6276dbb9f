package store

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/jmoiron/sqlx"
)

// OpenRecording opens a database and tells seen of each statement before it runs.
func OpenRecording(ctx context.Context, databaseURL string, seen func(query string, args []any)) (*DB, error) {
	return openWatched(ctx, databaseURL, seen, func() {})
}

// OpenPreparing opens a database and tells prepares of each statement before it is prepared.
func OpenPreparing(ctx context.Context, databaseURL string, prepares func()) (*DB, error) {
	return openWatched(ctx, databaseURL, func(string, []any) {}, prepares)
}

func openWatched(ctx context.Context, databaseURL string, seen func(query string, args []any), prepares func()) (*DB, error) {
	return openWith(ctx, databaseURL, 4, func(name, source string) (*sqlx.DB, error) {
		db, err := openPool(name, source)
		if err != nil {
			return nil, err
		}
		defer db.Close()
		connect := func(context.Context) (driver.Conn, error) { return db.Driver().Open(source) }
		if name == "postgres" {
			connector, err := postgresAt(source)
			if err != nil {
				return nil, err
			}
			connect = connector.Connect
		}
		return sqlx.NewDb(sql.OpenDB(recorder{db.Driver(), connect, seen, prepares}), name), nil
	})
}

// recorder is a driver that tells what passes through it.
type recorder struct {
	driver   driver.Driver
	connect  func(context.Context) (driver.Conn, error)
	seen     func(query string, args []any)
	prepares func()
}

func (r recorder) Driver() driver.Driver { return r.driver }

func (r recorder) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := r.connect(ctx)
	return recordedConn{c, r.seen, r.prepares}, err
}

type recordedConn struct {
	driver.Conn
	seen     func(query string, args []any)
	prepares func()
}

func (c recordedConn) tell(query string, args []driver.NamedValue) {
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	c.seen(query, values)
}

func (c recordedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.tell(query, args)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

func (c recordedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.tell(query, args)
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c recordedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func (c recordedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.prepares()
	s, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	return recordedStmt{s, c, query}, err
}

// recordedStmt is a prepared statement that tells when it runs.
type recordedStmt struct {
	driver.Stmt
	conn  recordedConn
	query string
}

func (s recordedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.conn.tell(s.query, args)
	return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}

func (s recordedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.conn.tell(s.query, args)
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// Exec runs any statement that writes.
func Exec(ctx context.Context, db *DB, text string) error {
	_, err := db.write.ExecContext(ctx, text)
	return err
}

// OpenPool is openPool.
var OpenPool = openPool

// Update runs statements in one transaction, as the store's own.
func Update(ctx context.Context, db *DB, texts ...string) error {
	return db.update(ctx, func(t *tx) error {
		for _, text := range texts {
			if _, err := t.exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
}

// Read reads one value over the connection that writes.
func Read(ctx context.Context, db *DB, into any, text string) error {
	return db.write.GetContext(ctx, into, text)
}
