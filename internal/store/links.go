package store

import (
	"context"
	"time"

	"crier/internal/domain"
)

// Links keeps the addresses in campaigns, and who followed them.
type Links struct{ DB *DB }

type linkRow struct {
	N      int
	URL    string
	Clicks int64
	People int64
}

// Number gives each address of a campaign its number, from 1, and answers them all by
// address. A number that was given stays: a correction only adds. It may be asked by several
// processes at once.
func (s Links) Number(ctx context.Context, campaignID int64, urls []string) (map[string]int, error) {
	known, err := s.DB.view().numbers(ctx, campaignID)
	if err != nil || len(missing(known, urls)) == 0 {
		return known, err
	}
	err = s.DB.update(ctx, func(t *tx) error {
		// One after the other: the second finds what the first has numbered.
		var id int64
		if err := t.get(ctx, &id, `SELECT id FROM campaigns WHERE id = ?`+t.lock("FOR NO KEY UPDATE"), campaignID); err != nil {
			return err
		}
		if known, err = t.numbers(ctx, campaignID); err != nil {
			return err
		}
		for _, url := range missing(known, urls) {
			n := len(known) + 1
			if _, err := t.exec(ctx, `INSERT INTO links (campaign_id, n, url) VALUES (?, ?, ?)`, campaignID, n, url); err != nil {
				return err
			}
			known[url] = n
		}
		return nil
	})
	return known, err
}

func (t *tx) numbers(ctx context.Context, campaignID int64) (map[string]int, error) {
	var rows []linkRow
	err := t.list(ctx, &rows, `SELECT n, url FROM links WHERE campaign_id = ?`, campaignID)
	known := make(map[string]int, len(rows))
	for _, r := range rows {
		known[r.URL] = r.N
	}
	return known, err
}

// missing are the addresses that have no number, each once.
func missing(known map[string]int, urls []string) []string {
	var list []string
	seen := map[string]bool{}
	for _, url := range urls {
		if _, ok := known[url]; !ok && !seen[url] {
			list, seen[url] = append(list, url), true
		}
	}
	return list
}

// URL is the address of that number in a campaign, as its author wrote it.
func (s Links) URL(ctx context.Context, campaignID int64, n int) (string, error) {
	var url string
	err := s.DB.view().get(ctx, &url, `SELECT url FROM links WHERE campaign_id = ? AND n = ?`, campaignID, n)
	return url, err
}

// Click counts that the person of a delivery followed a link, which shows that they saw the
// message.
func (s Links) Click(ctx context.Context, d domain.Delivery, n int, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, d.CampaignID); err != nil {
			return err
		}
		first, err := t.exec(ctx, `INSERT INTO link_people (delivery_id, n) VALUES (?, ?) ON CONFLICT DO NOTHING`, d.ID, n)
		if err != nil {
			return err
		}
		if err := t.mark(ctx, d, "clicked", now); err != nil {
			return err
		}
		// The row that all clicks change comes last: it is locked for a moment only.
		_, err = t.exec(ctx, `UPDATE links SET clicks = clicks + 1, people = people + ? WHERE campaign_id = ? AND n = ?`, first, d.CampaignID, n)
		return err
	})
}

// Links lists the addresses of a campaign in the order of their numbers, also those that
// nobody followed.
func (s Campaigns) Links(ctx context.Context, id int64) ([]domain.Link, error) {
	var rows []linkRow
	err := s.DB.view().list(ctx, &rows, `SELECT n, url, clicks, people FROM links WHERE campaign_id = ? ORDER BY n`, id)
	var list []domain.Link
	for _, r := range rows {
		list = append(list, domain.Link(r))
	}
	return list, err
}
