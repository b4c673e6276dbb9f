package store

import "context"

// fewRows is a size of the table of messages from which on PostgreSQL looks a batch up by an index.
const fewRows = 10 * chunk

// replan makes PostgreSQL plan anew while it takes the table of messages for a small one, which it
// reads whole for each batch. The plan of a statement is kept until somebody counts the rows:
// a small campaign's would be the first large one's for a minute. That nobody counts stops nothing.
func (db *DB) replan(ctx context.Context) {
	if db.dialect != Postgres {
		return
	}
	t, few := db.once(), false
	err := t.get(ctx, &few, `SELECT reltuples < ? FROM pg_class WHERE oid = CAST('deliveries' AS REGCLASS)`, fewRows)
	if err == nil && few {
		t.exec(ctx, `ANALYZE deliveries`) //nolint:errcheck // see above
	}
}
