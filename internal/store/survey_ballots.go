package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"crier/internal/domain"
)

// An anonymous survey keeps who answered and what was answered apart (docs/privacy.md): a bit a
// person here, and there numbers and sorted texts. Neither tells an order or a time, and nobody's
// own row is touched when they answer: which rows a database wrote last can be seen in it.

// bitsInBlock is how many people stand in a row of survey_participation.
const bitsInBlock = 1 << 16

// HasCast says whether somebody has answered an anonymous survey.
func (s Responses) HasCast(ctx context.Context, campaignID, personID int64) (bool, error) {
	return s.DB.view().hasCast(ctx, campaignID, personID, "")
}

func (t *tx) hasCast(ctx context.Context, campaignID, personID int64, lock string) (bool, error) {
	var octet []byte // the one with their bit: the whole block is 8 KB
	n := personID % bitsInBlock
	err := t.get(ctx, &octet, `SELECT SUBSTR(bits, ?, 1) FROM survey_participation WHERE campaign_id = ? AND block = ?`+lock, n/8+1, campaignID, personID/bitsInBlock)
	if domain.KindOf(err) == domain.NotFound {
		return false, nil
	}
	return len(octet) == 1 && octet[0]&(1<<(n%8)) != 0, err
}

// block is the participation of 65536 people; nil: of none.
func (t *tx) block(ctx context.Context, campaignID, block int64, lock string) (bitmap, error) {
	var bits []byte
	err := t.get(ctx, &bits, `SELECT bits FROM survey_participation WHERE campaign_id = ? AND block = ?`+lock, campaignID, block)
	if domain.KindOf(err) == domain.NotFound {
		return nil, nil
	}
	return bits, err
}

// bitmap is a bit for each of 65536 people.
type bitmap []byte

func (b bitmap) has(person int64) bool {
	n := person % bitsInBlock
	return b != nil && b[n/8]&(1<<(n%8)) != 0
}

// Cast counts the answers of some people to an anonymous survey, each person's once: a second
// time changes nothing. What was skipped is counted as that. Test sends count nowhere.
func (s Responses) Cast(ctx context.Context, c domain.Campaign, all []domain.Ballot) error {
	return s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, c.ID); err != nil {
			return err
		}
		row, err := t.ballots(ctx, c.ID)
		if err != nil {
			return err
		}
		first, err := t.participate(ctx, c.ID, all)
		if err != nil || len(first) == 0 {
			return err
		}
		if err := t.cast(ctx, c, row, first); err != nil {
			return err
		}
		return t.countCast(ctx, c.ID, first)
	})
}

// ballotsRow is what an anonymous survey has counted, and shows.
type ballotsRow struct {
	Responses int64
	Counts    string
	Shown     string
}

// ballots is the row of a survey, made where there is none, and locked: of several who answer
// at once each waits for the one before.
func (t *tx) ballots(ctx context.Context, campaignID int64) (ballotsRow, error) {
	var row ballotsRow
	if _, err := t.exec(ctx, `INSERT INTO survey_ballots (campaign_id) VALUES (?) ON CONFLICT DO NOTHING`, campaignID); err != nil {
		return row, err
	}
	err := t.get(ctx, &row, `SELECT responses, counts, shown FROM survey_ballots WHERE campaign_id = ?`+t.lock("FOR UPDATE"), campaignID)
	return row, err
}

// participate notes who answered, and answers the ballots of those who had not.
func (t *tx) participate(ctx context.Context, campaignID int64, all []domain.Ballot) ([]domain.Ballot, error) {
	var first []domain.Ballot
	blocks := map[int64]bitmap{}
	slices.SortFunc(all, func(a, b domain.Ballot) int { return cmp.Compare(a.Delivery.Person.ID, b.Delivery.Person.ID) })
	for _, b := range all {
		person := b.Delivery.Person.ID
		block, n := person/bitsInBlock, person%bitsInBlock
		bits, known := blocks[block]
		if !known {
			var err error
			if bits, err = t.block(ctx, campaignID, block, t.lock("FOR UPDATE")); err != nil {
				return nil, err
			}
			if bits == nil {
				bits = make(bitmap, bitsInBlock/8)
			}
			blocks[block] = bits
		}
		if b.Delivery.Trial || bits.has(person) {
			continue
		}
		bits[n/8] |= 1 << (n % 8)
		first = append(first, b)
	}
	if len(first) == 0 {
		return nil, nil
	}
	for _, block := range slices.Sorted(maps.Keys(blocks)) {
		_, err := t.exec(ctx, `INSERT INTO survey_participation (campaign_id, block, bits) VALUES (?, ?, ?)
			ON CONFLICT (campaign_id, block) DO UPDATE SET bits = excluded.bits`, campaignID, block, []byte(blocks[block]))
		if err != nil {
			return nil, err
		}
	}
	return first, nil
}

// cast counts answers.
func (t *tx) cast(ctx context.Context, c domain.Campaign, row ballotsRow, all []domain.Ballot) error {
	counts := map[string]map[string]int64{}
	if err := decode(row.Counts, &counts); err != nil {
		return fmt.Errorf("read the counts of campaign %d: %w", c.ID, err)
	}
	for _, q := range c.Content.Survey.Questions {
		var texts []string
		for _, b := range all {
			v, passed := b.Answers[q.ID]
			if !passed {
				continue
			}
			if counts[q.ID] == nil {
				counts[q.ID] = map[string]int64{}
			}
			for _, key := range q.CountKeys(v) {
				counts[q.ID][q.CountedAs(key, counts[q.ID])]++
			}
			if q.Listed() && !v.IsZero() {
				texts = append(texts, v.Text())
			}
		}
		if err := t.addTexts(ctx, c.ID, q.ID, texts); err != nil {
			return err
		}
	}
	_, err := t.exec(ctx, `UPDATE survey_ballots SET responses = responses + ?, counts = ? WHERE campaign_id = ?`, len(all), encode(counts), c.ID)
	return err
}

// countCast counts that people answered, and saw the message, in the campaign's numbers alone.
// Whoever marks the message as seen later looks at the participation (signals.go).
func (t *tx) countCast(ctx context.Context, campaignID int64, all []domain.Ballot) error {
	ids := make([]int64, len(all))
	for i, b := range all {
		ids[i] = b.Delivery.ID
	}
	var unseen int64
	among, args := t.oneOf(ids)
	err := t.get(ctx, &unseen, `SELECT COUNT(*) FROM deliveries WHERE state = 'sent' AND seen_at IS NULL AND id`+among, args...)
	if err != nil {
		return err
	}
	return t.count(ctx, campaignID, tally{"answered": int64(len(all)), "seen": unseen})
}

// Ballots is how many answered an anonymous survey, and what of their answers is shown: a
// difference between two views would tell who answered in between, so that it stays the same
// until enough more have answered (domain.ShownAt).
func (s Responses) Ballots(ctx context.Context, c domain.Campaign) (responses int64, shown domain.SurveyTally, err error) {
	var row ballotsRow
	err = s.DB.view().get(ctx, &row, `SELECT responses, counts, shown FROM survey_ballots WHERE campaign_id = ?`, c.ID)
	if domain.KindOf(err) == domain.NotFound {
		return 0, shown, nil
	}
	if err == nil {
		err = decode(row.Shown, &shown)
	}
	if err != nil || row.upTo(shown) == shown.Responses {
		return row.Responses, shown, err
	}
	err = s.DB.update(ctx, func(t *tx) error {
		if row, err = t.ballots(ctx, c.ID); err != nil {
			return err
		}
		if err := decode(row.Shown, &shown); err != nil || row.upTo(shown) == shown.Responses {
			return err // somebody else looked meanwhile
		}
		now, err := t.collected(ctx, c, row)
		if err != nil {
			return err
		}
		shown = c.Content.Survey.Show(shown, now)
		_, err = t.exec(ctx, `UPDATE survey_ballots SET shown = ? WHERE campaign_id = ?`, encode(shown), c.ID)
		return err
	})
	return row.Responses, shown, err
}

func (b ballotsRow) upTo(shown domain.SurveyTally) int64 {
	return domain.ShownAt(domain.Anonymous, shown.Responses, b.Responses)
}

// collected is all that was answered so far.
func (t *tx) collected(ctx context.Context, c domain.Campaign, row ballotsRow) (domain.SurveyTally, error) {
	tally := domain.SurveyTally{Responses: row.Responses, Completed: row.Responses, Latest: map[string][]string{}}
	if err := decode(row.Counts, &tally.Counts); err != nil {
		return tally, fmt.Errorf("read the counts of campaign %d: %w", c.ID, err)
	}
	for _, q := range c.Content.Survey.Questions {
		if !q.Listed() {
			continue
		}
		texts, err := t.someTexts(ctx, c.ID, q.ID, latestTexts)
		if err != nil {
			return tally, err
		}
		tally.Latest[q.ID] = texts
	}
	return tally, nil
}
