package store_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// anonymousSurvey asks for a mark and a text.
func anonymousSurvey() domain.Campaign {
	return domain.Campaign{
		Name: "How are you?", Channel: domain.Teams, Kind: domain.KindSurvey, Status: domain.Draft, Audience: domain.Audience{Everyone: true},
		CreatedAt: now(), UpdatedAt: now(), Content: domain.Content{Title: "You", Survey: &domain.Survey{
			Style: domain.OneByOne, Privacy: domain.Anonymous, Questions: []domain.Question{
				{ID: "mark", Type: domain.Rating, Text: "How?"}, {ID: "why", Type: domain.FreeText, Text: "Why?"},
			},
		}},
	}
}

// election is an anonymous survey that people answered, in an order drawn at random.
type election struct {
	*testing.T
	db       *store.DB
	plain    *sql.DB
	campaign domain.Campaign
	voters   []domain.Delivery // in the order in which they answered
	texts    []string          // what each of them wrote
}

// elect has so many people answer an anonymous survey, with distinct texts, while other things
// happen to their messages.
func elect(t *testing.T, d storetest.Database, people int) *election {
	t.Helper()
	at := d.URL(t)
	e := &election{T: t, db: must(store.Open(t.Context(), at, 4)), plain: raw(t, at)}
	t.Cleanup(func() { e.db.Close() })
	for i := range people + people/10 { // some never answer
		e.ok(store.People{DB: e.db}.Remember(t.Context(), sighting(i), now()))
	}
	campaigns, rows, responses := store.Campaigns{DB: e.db}, store.Deliveries{DB: e.db}, store.Responses{DB: e.db}
	e.campaign = must(campaigns.Create(t.Context(), anonymousSurvey()))
	e.ok(campaigns.Schedule(t.Context(), e.campaign.ID, e.campaign.Revision, now(), now()))
	e.ok(storetest.Start(t.Context(), campaigns, e.campaign.ID, now()))
	e.campaign = must(campaigns.Get(t.Context(), e.campaign.ID))
	worker := must(storetest.NewWorker(t.Context(), e.db))
	sent := must(worker.Claim(t.Context(), domain.Lane{CampaignID: e.campaign.ID, TenantID: "t"}, now(), 10*people))
	var batch []domain.Finished
	for i, d := range sent {
		batch = append(batch, domain.Finished{Delivery: d, Outcome: domain.Outcome{State: domain.Sent, ActivityID: fmt.Sprint(i), SentAt: now(), DueAt: now()}})
	}
	e.ok(worker.Finish(t.Context(), batch, now()))
	rand.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
	for i, d := range sent[:people] {
		at := now().Add(time.Duration(i) * time.Minute)
		if i%3 == 0 { // whose receipt came when they opened it
			e.ok(rows.MarkSeen(t.Context(), d, at.Add(-time.Duration(rand.IntN(3600))*time.Second)))
		}
		text := fmt.Sprintf("%016x", rand.Uint64())
		answers := map[string]domain.Value{"mark": domain.NumberValue(float64(1 + rand.IntN(5))), "why": domain.TextValue(text)}
		e.ok(responses.Cast(t.Context(), e.campaign, []domain.Ballot{{Delivery: d, Answers: answers}}))
		e.voters, e.texts = append(e.voters, d), append(e.texts, text)
		if i%7 == 0 {
			if _, _, err := responses.Ballots(t.Context(), e.campaign); err != nil { // an officer looks
				t.Fatal(err)
			}
		}
	}
	return e
}

func (e *election) ok(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

// table is the rows of a table of which a copy was taken, in the order in which they stand in it.
func (e *election) table(name string, hidden ...string) []map[string]any {
	e.Helper()
	columns := append([]string{"*"}, hidden...)
	rows, err := e.plain.QueryContext(e.Context(), "SELECT "+strings.Join(columns, ", ")+" FROM "+name)
	e.ok(err)
	defer rows.Close()
	names, err := rows.Columns()
	e.ok(err)
	var list []map[string]any
	for rows.Next() {
		values, to := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		e.ok(rows.Scan(to...))
		row := map[string]any{}
		for i, name := range names {
			row[name] = values[i]
		}
		list = append(list, row)
	}
	e.ok(rows.Err())
	return list
}

// tables are the names of all tables.
func (e *election) tables() []string {
	e.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if e.db.Dialect() == store.Postgres {
		query = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`
	}
	rows, err := e.plain.QueryContext(e.Context(), query)
	e.ok(err)
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		e.ok(rows.Scan(&name))
		names = append(names, name)
	}
	return names
}

// kept are the texts in the order in which the database has them.
func (e *election) kept() []string {
	e.Helper()
	var all []string
	for _, row := range e.table("survey_texts") {
		var texts []string
		e.ok(json.Unmarshal([]byte(fmt.Sprintf("%s", row["texts"])), &texts))
		all = append(all, texts...)
	}
	return all
}

// hidden are the columns of a dialect that tell where and when a row was written.
func (e *election) hidden() []string {
	if e.db.Dialect() == store.Postgres {
		return []string{"ctid::text AS place", "xmin::text::bigint AS written", "xmax::text::bigint AS locked"}
	}
	return []string{"rowid AS place"}
}

// guesses are the orders in which somebody with a copy of the database might think that people
// answered.
func (e *election) guesses() map[string][]int64 {
	e.Helper()
	rows := e.table("deliveries", e.hidden()...)
	answered := map[int64]bool{}
	for _, v := range e.voters { // the bits tell that much
		answered[v.ID] = true
	}
	rows = slices.DeleteFunc(rows, func(r map[string]any) bool { return !answered[r["id"].(int64)] })
	ids := func(rows []map[string]any) []int64 {
		list := make([]int64, len(rows))
		for i, r := range rows {
			list[i] = r["id"].(int64)
		}
		return list
	}
	guesses := map[string][]int64{"as they stand": ids(rows)}
	for column := range rows[0] {
		sorted := slices.Clone(rows)
		slices.SortStableFunc(sorted, func(a, b map[string]any) int { return compareAny(a[column], b[column]) })
		guesses["by "+column] = ids(sorted)
	}
	return guesses
}

func compareAny(a, b any) int {
	x, isX := a.(int64)
	y, isY := b.(int64)
	if isX && isY {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

// hits is how many texts a guess gives to those who wrote them.
func (e *election) hits(order []int64, texts []string) int {
	wrote := map[int64]string{}
	for i, d := range e.voters {
		wrote[d.ID] = e.texts[i]
	}
	n := 0
	for i, id := range order[:min(len(order), len(texts))] {
		if wrote[id] == texts[i] {
			n++
		}
	}
	return n
}

// mostByChance is more than a guess at random hits: one on average, and 10 less than once in a
// million times.
const mostByChance = 9

func TestNobodyCanTellWhoAnsweredWhat(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			const people = 200
			e := elect(t, d, people)
			texts := e.kept()
			if len(texts) != people {
				t.Fatalf("%d texts of %d", len(texts), people)
			}
			for name, order := range e.guesses() {
				backwards := slices.Clone(texts)
				slices.Reverse(backwards)
				if n := max(e.hits(order, texts), e.hits(order, backwards)); n > mostByChance {
					t.Errorf("%s: %d of %d people found", name, n, people)
				}
			}
			e.oneKnown(texts)
			e.notMoved(texts)
			e.onlyWhere(texts)
		})
	}
}

// oneKnown shifts every guess until one person, known to have written a text, is hit: what
// follows from it for the others must be no more than chance.
func (e *election) oneKnown(texts []string) {
	e.Helper()
	for name, order := range e.guesses() {
		known := len(e.voters) / 2
		from, to := slices.Index(texts, e.texts[known]), slices.Index(order, e.voters[known].ID)
		shifted := make([]string, len(texts))
		for i, text := range texts {
			shifted[(i+to-from+len(texts))%len(texts)] = text
		}
		if n := e.hits(order, shifted) - 1; n > mostByChance {
			e.Errorf("%s, one known: %d others found", name, n)
		}
	}
}

// notMoved holds that nobody's own row shows by a value, or by where and when it was written,
// in which order people answered.
func (e *election) notMoved(texts []string) {
	e.Helper()
	position := map[int64]int{}
	for i, d := range e.voters {
		position[d.ID] = i
	}
	unseen := map[int64]bool{} // whose row nothing but their answer could have changed
	for _, r := range e.table("deliveries") {
		if r["answered_at"] != nil {
			e.Errorf("row %v says when somebody answered", r["id"])
		}
		unseen[r["id"].(int64)] = r["seen_at"] == nil
	}
	for name, order := range e.guesses() {
		if name == "by seen_at" {
			continue // receipts of people's devices, which are theirs whether they answer or not
		}
		order = slices.DeleteFunc(order, func(id int64) bool { return !unseen[id] })
		var rising, pairs int
		for i := range order {
			for j := range i {
				pairs++
				if position[order[j]] < position[order[i]] {
					rising++
				}
			}
		}
		if share := float64(rising) / float64(pairs); share < 0.3 || share > 0.7 {
			e.Errorf("%s: %.2f of all pairs are in the order in which they answered", name, share)
		}
	}
	if len(texts) == 0 || !slices.IsSorted(texts) {
		e.Error("the texts are not sorted")
	}
}

// onlyWhere holds that what people wrote stands in the two places it may, and that nothing but
// the participation names who answered.
func (e *election) onlyWhere(texts []string) {
	e.Helper()
	for _, name := range e.tables() {
		rows := e.table(name)
		switch name {
		case "survey_texts", "survey_ballots":
			if len(rows) != 1 {
				e.Errorf("%s has %d rows", name, len(rows))
			}
			continue
		case "responses", "answers", "survey_counts", "inbox", "early_marks", "early_signals":
			if len(rows) > 0 {
				e.Errorf("%s has %d rows", name, len(rows))
			}
		}
		all := fmt.Sprint(rows)
		for _, text := range texts {
			if strings.Contains(all, text) {
				e.Errorf("%s holds what somebody wrote", name)
				break
			}
		}
	}
}

func TestTextsOfManyRows(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			e := elect(t, d, 40)
			responses, campaigns := store.Responses{DB: e.db}, store.Campaigns{DB: e.db}
			long := must(campaigns.Create(t.Context(), anonymousSurvey()))
			var want []string
			for i, d := range e.voters {
				d.CampaignID = long.ID
				text := fmt.Sprintf("%02d", i) + strings.Repeat("é", 8_000) // 40 of them are more than a row holds
				want = append(want, text)
				e.ok(responses.Cast(t.Context(), long, []domain.Ballot{{Delivery: d, Answers: map[string]domain.Value{"why": domain.TextValue(text)}}}))
			}
			var got []string
			parts := 0
			for _, row := range e.table("survey_texts") {
				var texts []string
				e.ok(json.Unmarshal([]byte(fmt.Sprintf("%s", row["texts"])), &texts))
				if row["campaign_id"].(int64) != long.ID {
					continue
				}
				if !slices.IsSorted(texts) || len(texts) < 5 {
					t.Errorf("a row of %d texts, in their order: %v", len(texts), slices.IsSorted(texts))
				}
				got, parts = append(got, texts...), parts+1
			}
			slices.Sort(got)
			if parts < 2 || !slices.Equal(got, want) {
				t.Errorf("%d texts in %d rows, want %d in several", len(got), parts, len(want))
			}
		})
	}
}
