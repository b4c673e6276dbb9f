package store

import (
	"context"
	"math/rand/v2"
	"slices"
)

// The texts of an anonymous survey stand sorted in one row a question. A row that is full is
// cut into two at random, and what comes then goes to any of them: at least half a row of
// texts stands in each, whose order and row tell nothing of when they came.
const (
	maxTexts     = 2000
	maxTextBytes = 256 << 10
	fewTexts     = 10 // fewer are not cut, however long
)

// addTexts adds to the texts of a question. The caller has locked the survey's ballots.
func (t *tx) addTexts(ctx context.Context, campaignID int64, question string, more []string) error {
	for len(more) > 0 {
		var parts int
		err := t.get(ctx, &parts, `SELECT COUNT(*) FROM survey_texts WHERE campaign_id = ? AND question_id = ?`, campaignID, question)
		if err != nil {
			return err
		}
		part := rand.IntN(max(parts, 1))
		texts, size, err := t.textsIn(ctx, campaignID, question, part)
		if err != nil {
			return err
		}
		for len(more) > 0 && (size <= maxTextBytes && len(texts) <= maxTexts || len(texts) < fewTexts) {
			texts, size, more = append(texts, more[0]), size+len(more[0])+len(`"",`), more[1:]
		}
		if err := t.writeParts(ctx, campaignID, question, part, parts, texts, size); err != nil {
			return err
		}
	}
	return nil
}

// writeParts writes a row of texts, and cuts it where it is too large.
func (t *tx) writeParts(ctx context.Context, campaignID int64, question string, part, parts int, texts []string, size int) error {
	if size <= maxTextBytes && len(texts) <= maxTexts || len(texts) < fewTexts {
		return t.writeTexts(ctx, campaignID, question, part, texts)
	}
	rand.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	half := len(texts) / 2
	if err := t.writeTexts(ctx, campaignID, question, max(parts, 1), slices.Clone(texts[half:])); err != nil {
		return err
	}
	return t.writeTexts(ctx, campaignID, question, part, texts[:half])
}

// textsIn are the texts in one row, and how large it is.
func (t *tx) textsIn(ctx context.Context, campaignID int64, question string, part int) (texts []string, size int, err error) {
	var rows []string
	err = t.list(ctx, &rows, `SELECT texts FROM survey_texts WHERE campaign_id = ? AND question_id = ? AND part = ?`, campaignID, question, part)
	if err != nil || len(rows) == 0 {
		return nil, 0, err
	}
	err = decode(rows[0], &texts)
	return texts, len(rows[0]), err
}

func (t *tx) writeTexts(ctx context.Context, campaignID int64, question string, part int, texts []string) error {
	slices.Sort(texts)
	_, err := t.exec(ctx, `INSERT INTO survey_texts (campaign_id, question_id, part, texts) VALUES (?, ?, ?, ?)
		ON CONFLICT (campaign_id, question_id, part) DO UPDATE SET texts = excluded.texts`, campaignID, question, part, encode(texts))
	return err
}

// someTexts are a few texts of a question, at random: from a row or two, however many there are.
func (t *tx) someTexts(ctx context.Context, campaignID int64, question string, limit int) ([]string, error) {
	var parts []int
	if err := t.list(ctx, &parts, `SELECT part FROM survey_texts WHERE campaign_id = ? AND question_id = ?`, campaignID, question); err != nil {
		return nil, err
	}
	rand.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	some := []string{}
	for _, part := range parts {
		texts, _, err := t.textsIn(ctx, campaignID, question, part)
		if err != nil {
			return nil, err
		}
		if some = append(some, texts...); len(some) >= limit {
			break
		}
	}
	rand.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	return some[:min(limit, len(some))], nil
}
