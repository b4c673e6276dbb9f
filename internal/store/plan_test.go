package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// planned is a database with a campaign of many, whose statistics (PostgreSQL's) were
// taken when every row was pending, and the statements that ran on it since.
type planned struct {
	*testing.T
	db    *store.DB
	plain *sql.DB // for EXPLAIN
	lane  domain.Lane

	mu         sync.Mutex
	statements []statement
}

type statement struct {
	query string
	args  []any
}

// manyPeople adds as many as its %d says.
const manyPeople = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
	INSERT INTO people (channel, user_id, tenant_id, aad_object_id, conversation_id, service_url, bot_id, name, name_key,
		first_name, last_name, email, email_key, upn, upn_key, locale, time_zone, installed)
	SELECT 'teams', '29:' || CAST(i AS TEXT), 't', '', 'a', 's', '28', 'n', 'n', '', '', 'e', 'e' || CAST(i AS TEXT) || '@x.io',
		'u', 'u' || CAST(i AS TEXT) || '@x.io', '', '', TRUE FROM n`

func newPlanned(t *testing.T, d storetest.Database) *planned {
	t.Helper()
	people := 2500 // SQLite chooses without having counted
	if d.Name == "postgres" {
		people = 20_000 // so many that an index is worth it
	}
	at := d.URL(t)
	p := &planned{T: t}
	db, err := store.OpenRecording(t.Context(), at, func(query string, args []any) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.statements = append(p.statements, statement{query, args})
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	p.db, p.plain = db, raw(t, at)
	p.must(p.plain.ExecContext(t.Context(), fmt.Sprintf(manyPeople, people)))
	for range 2 {
		p.lane = domain.Lane{CampaignID: scheduled(t, db), TenantID: "t"}
		p.ok(storetest.Start(t.Context(), store.Campaigns{DB: db}, p.lane.CampaignID, now()))
		p.named(people)
	}
	return p
}

// analyzed takes statistics.
func (p *planned) analyzed() {
	if p.db.Dialect() == store.Postgres {
		p.must(p.plain.ExecContext(p.Context(), "ANALYZE"))
	}
}

// named checks that the campaign has one row a person: they were named in several parts.
func (p *planned) named(people int) {
	p.Helper()
	counts, err := store.Campaigns{DB: p.db}.Counts(p.Context(), p.lane.CampaignID)
	p.ok(err)
	n := int64(people)
	if want := (domain.Counts{Listed: n, Recipients: n, Pending: n}); counts[p.lane.CampaignID] != want {
		p.Fatalf("counts %+v, want %+v", counts[p.lane.CampaignID], want)
	}
	var rows, persons int64
	p.ok(p.plain.QueryRow(fmt.Sprintf(`SELECT COUNT(*), COUNT(DISTINCT person_id) FROM deliveries WHERE campaign_id = %d`, p.lane.CampaignID)).Scan(&rows, &persons))
	if rows != n || persons != n {
		p.Fatalf("%d rows of %d people, want %d", rows, persons, n)
	}
}

// raw opens the database under a store.
func raw(t *testing.T, at string) *sql.DB {
	t.Helper()
	driver, source := "postgres", at
	if path, ok := strings.CutPrefix(at, "sqlite:"); ok {
		driver, source = "sqlite", path+"?_pragma=busy_timeout(10000)"
	}
	db, err := store.OpenPool(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db.DB
}

func (p *planned) ok(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *planned) must(_ sql.Result, err error) {
	p.Helper()
	p.ok(err)
}

// plans runs do and answers how its statements with the words are executed.
func (p *planned) plans(words string, do func() error) string {
	p.Helper()
	p.statements = nil
	p.ok(do())
	var plan strings.Builder
	for _, s := range p.statements {
		if strings.Contains(s.query, words) {
			p.explain(&plan, s)
		}
	}
	if plan.Len() == 0 {
		p.Fatalf("no statement with %q ran", words)
	}
	return plan.String()
}

func (p *planned) explain(plan *strings.Builder, s statement) {
	p.Helper()
	prefix, column := "EXPLAIN ", 0
	if p.db.Dialect() == store.SQLite {
		prefix, column = "EXPLAIN QUERY PLAN ", 3
	}
	rows, err := p.plain.QueryContext(p.Context(), prefix+s.query, s.args...)
	p.ok(err)
	defer rows.Close()
	for rows.Next() {
		line := make([]any, column+1)
		for i := range line {
			line[i] = new(string)
		}
		p.ok(rows.Scan(line...))
		plan.WriteString(*line[column].(*string) + "\n")
	}
	p.ok(rows.Err())
}

// scans says whether a plan reads a whole table. SQLite says SCAN of an index, too.
func scans(plan, table string) bool {
	for line := range strings.Lines(plan) {
		if strings.Contains(line, "Seq Scan on "+table) || strings.HasPrefix(line, "SCAN "+table) && !strings.Contains(line, "INDEX") {
			return true
		}
	}
	return false
}

// ordered are the cases that take the first rows of an index, and sorts whether a plan reads others.
var ordered = map[string]bool{"reserve": true, "reserve again": true, "withdraw": true}

func sorts(plan string) bool {
	return strings.Contains(plan, "Sort") || strings.Contains(plan, "Bitmap Heap Scan on deliveries") || strings.Contains(plan, "TEMP B-TREE")
}

// planCase is some work, the statement of it to look at, and the indexes it is to take.
type planCase struct {
	name, words string
	do          func() error
	table       string
	indexes     []string
}

// queueCases are the engine's work, in the order it is done.
func (p *planned) queueCases(record string) []planCase {
	ctx, deliveries := p.Context(), store.Deliveries{DB: p.db}
	worker, err := storetest.NewWorker(ctx, p.db)
	p.ok(err)
	instances := store.Instances{DB: p.db}
	var rows []domain.Delivery
	reserve := func() (err error) {
		rows, err = deliveries.Reserve(ctx, worker.Instance, p.lane, now(), 512)
		return err
	}
	withdraw := func() error {
		if err := deliveries.Cancel(ctx, p.lane.CampaignID, now()); err != nil {
			return err
		}
		_, err := store.Campaigns{DB: p.db}.Withdraw(ctx, p.lane.CampaignID)
		return err
	}
	finish := func() error {
		batch := make([]domain.Finished, len(rows))
		for i, d := range rows {
			batch[i] = domain.Finished{Delivery: d, Outcome: domain.Outcome{State: domain.Sent, SentAt: now()}}
		}
		return worker.Finish(ctx, batch, now())
	}
	lanes := func() error { _, err := deliveries.Lanes(ctx, now()); return err }
	due := func() error { _, err := deliveries.CountDue(ctx, now(), 100); return err }
	glance := func() error { _, err := store.Campaigns{DB: p.db}.Glance(ctx, p.lane.CampaignID); return err }
	settle := func() error { return deliveries.SettleMarks(ctx) }
	ripe := func() error { _, err := deliveries.RipeSignals(ctx); return err }
	inFlight := func() error {
		if _, err := deliveries.Exchange(ctx, worker.Instance, domain.Exchange{Begin: rows}, now()); err != nil {
			return err
		}
		_, _, err := instances.InFlight(ctx, worker.Instance)
		return err
	}
	const table, update, queue = "deliveries", "UPDATE deliveries", "ORDER BY due_at, id LIMIT"
	return []planCase{
		{"lanes", "campaign_lanes", lanes, table, []string{"deliveries_due"}},
		{"due", "campaign_lanes", due, table, []string{"deliveries_due"}},
		{"glance", "campaign_lanes", glance, table, []string{"deliveries_due"}},
		{"reserve", queue, reserve, table, []string{"deliveries_due"}},
		{"record", update, finish, table, []string{record}},
		{"reserve again", queue, reserve, table, []string{"deliveries_due"}},
		{"in flight", "FROM deliveries WHERE id", inFlight, table, []string{record}},
		{"record again", update, finish, table, []string{record}},
		{"early marks", "early_marks", settle, table, []string{record}},
		{"early signals", "early_signals", ripe, table, []string{"deliveries_person"}},
		{"list", "LEFT JOIN people", p.page(domain.DeliveryFilter{}), table, []string{"deliveries_state"}},
		{"list of a state", "LEFT JOIN people", p.page(domain.DeliveryFilter{State: domain.Sent}), table, []string{"deliveries_state"}},
		{"withdraw", "SET state = 'cancelled'", withdraw, table, nil},
	}
}

func (p *planned) page(f domain.DeliveryFilter) func() error {
	return func() error {
		_, err := store.Deliveries{DB: p.db}.List(p.Context(), p.lane.CampaignID, f, 1, 50)
		return err
	}
}

// personCases are what is asked of one person or a few.
func (p *planned) personCases() []planCase {
	ctx, deliveries, people := p.Context(), store.Deliveries{DB: p.db}, store.People{DB: p.db}
	unseen := func() error { _, err := deliveries.Unseen(ctx, 7); return err }
	byAddress := func(channel domain.Channel) func() error {
		return func() error { _, err := people.ByAddress(ctx, channel, "e7@x.io"); return err }
	}
	byAddresses := func() error {
		_, _, err := store.Campaigns{DB: p.db}.AudienceSize(ctx, domain.Teams, domain.Audience{People: []string{"e7@x.io", "u8@x.io", "e9@x.io"}})
		return err
	}
	newcomers := func() error { _, err := people.ClaimNewcomers(ctx, now(), now(), 10); return err }
	erase := func() error { return people.Erase(ctx, 7, now()) }
	name := func() error { return storetest.Start(ctx, store.Campaigns{DB: p.db}, scheduled(p.T, p.db), now()) }
	addresses := []string{"people_email", "people_upn"}
	return []planCase{
		{"unseen", "seen_at IS NULL", unseen, "deliveries", []string{"deliveries_person"}},
		{"by address", "email_key = ", byAddress(""), "people", addresses},
		{"by address of a channel", "email_key = ", byAddress(domain.Teams), "people", addresses},
		{"by addresses", "email_key IN ", byAddresses, "people", addresses},
		{"newcomers", "UPDATE people", newcomers, "people", []string{"people_roster"}},
		{"name who left", "gone_at >", name, "people", []string{"people_gone"}},
		{"erase", "UPDATE deliveries", erase, "deliveries", []string{"deliveries_address"}},
	}
}

// TestPlans holds that no work on a few rows reads all of them, on a campaign that has
// changed since the statistics were taken: each index is taken where it was made for.
func TestPlans(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			p := newPlanned(t, d)
			other, err := storetest.NewWorker(t.Context(), p.db)
			p.ok(err)
			must(store.Deliveries{DB: p.db}.Reserve(t.Context(), other.Instance, p.lane, now(), 100))
			p.analyzed()
			record := "deliveries_pkey"
			if d.Name == "sqlite" {
				record = "PRIMARY KEY" // the table is kept in the order of the ids: as good
			}
			for _, c := range append(p.queueCases(record), p.personCases()...) {
				plan := p.plans(c.words, c.do)
				for _, index := range c.indexes {
					if !strings.Contains(plan, index) || scans(plan, c.table) {
						t.Errorf("%s: want %s and no scan of %s in\n%s", c.name, index, c.table, plan)
					}
				}
				if ordered[c.name] && sorts(plan) {
					t.Errorf("%s: passes over more rows than it takes:\n%s", c.name, plan)
				}
			}
		})
	}
}

// TestPlansWithoutStatistics holds that a batch of outcomes is looked up by its ids before anybody
// counted: PostgreSQL takes the rows that are open for a few then, and they are nearly all.
func TestPlansWithoutStatistics(t *testing.T) {
	t.Parallel()
	p := newPlanned(t, storetest.Postgres())
	for _, c := range p.queueCases("deliveries_pkey") {
		plan := p.plans(c.words, c.do)
		if slices.Contains(c.indexes, "deliveries_pkey") && (strings.Contains(plan, "deliveries_due") || scans(plan, c.table)) {
			t.Errorf("%s: reads all that is open:\n%s", c.name, plan)
		}
	}
}

// TestAGrownTableIsPlannedAnew holds that a plan kept from when there were a few rows, which reads them
// all, is not kept when a large audience is written down.
func TestAGrownTableIsPlannedAnew(t *testing.T) {
	t.Parallel()
	ctx, at := t.Context(), storetest.Postgres().URL(t)
	db := must(store.Open(ctx, at, 4))
	t.Cleanup(func() { db.Close() })
	plain := must(raw(t, at).Conn(ctx))
	t.Cleanup(func() { plain.Close() })
	named := func(people int) {
		t.Helper()
		must(plain.ExecContext(ctx, fmt.Sprintf(manyPeople, people)))
		campaigns, id := store.Campaigns{DB: db}, scheduled(t, db)
		if err := campaigns.Start(ctx, id, now()); err != nil {
			t.Fatal(err)
		}
		must(campaigns.Name(ctx, id, now()))
	}
	kept := func() (plan string) {
		t.Helper()
		rows := must(plain.QueryContext(ctx, "EXPLAIN EXECUTE kept (NULL)"))
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			plan += line + "\n"
		}
		return plan
	}
	named(20)
	must(plain.ExecContext(ctx, `ANALYZE deliveries`))
	must(plain.ExecContext(ctx, `SET plan_cache_mode = force_generic_plan`))
	must(plain.ExecContext(ctx, `PREPARE kept (BIGINT[]) AS SELECT d.hold FROM deliveries d JOIN unnest($1) AS b(id) ON b.id = d.id`))
	if plan := kept(); !scans(plan, "deliveries") {
		t.Fatalf("nothing to hold: a few rows are not read whole:\n%s", plan)
	}
	must(plain.ExecContext(ctx, `DELETE FROM people`))
	named(1000)
	if plan := kept(); scans(plan, "deliveries") {
		t.Errorf("a thousand rows are read whole:\n%s", plan)
	}
}

// TestRememberOnlyReads holds that what shows nothing new is not written.
func TestRememberOnlyReads(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			var writes int
			db, err := store.OpenRecording(t.Context(), d.URL(t), func(query string, _ []any) {
				if !strings.HasPrefix(query, "SELECT") && strings.Contains(query, "people") {
					writes++
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			for n, v := range []domain.Sighting{sighting(1), sighting(1), sighting(2), sighting(1)} {
				v.Install = n%2 == 0
				if err := (store.People{DB: db}).Remember(t.Context(), v, now()); err != nil {
					t.Fatal(err)
				}
			}
			if writes != 2 {
				t.Fatalf("%d writes for two people seen twice, want 2", writes)
			}
		})
	}
}
