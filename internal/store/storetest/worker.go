package storetest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
)

// Worker is a process that sends, for tests: it begins what it is given and records what
// came of it. It is safe for concurrent use.
type Worker struct {
	Instance int64

	rows store.Deliveries
	mu   sync.Mutex
	keep map[int64]bool
}

// NewWorker joins the processes of a database.
func NewWorker(ctx context.Context, db *store.DB) (*Worker, error) {
	id, err := store.Instances{DB: db}.Join(ctx)
	return &Worker{Instance: id, rows: store.Deliveries{DB: db}, keep: map[int64]bool{}}, err
}

// Claim begins up to limit rows of a lane that are due. Their attempt is counted.
func (w *Worker) Claim(ctx context.Context, lane domain.Lane, now time.Time, limit int) ([]domain.Delivery, error) {
	rows, err := w.rows.Reserve(ctx, w.Instance, lane, now, limit)
	if err != nil {
		return nil, err
	}
	return w.begin(ctx, rows, now)
}

// ClaimTrials begins test sends that are due.
func (w *Worker) ClaimTrials(ctx context.Context, now time.Time, limit int) ([]domain.Delivery, error) {
	rows, err := w.rows.ReserveTrials(ctx, w.Instance, now, limit)
	if err != nil {
		return nil, err
	}
	return w.begin(ctx, rows, now)
}

func (w *Worker) begin(ctx context.Context, rows []domain.Delivery, now time.Time) ([]domain.Delivery, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	begun, err := w.rows.Exchange(ctx, w.Instance, domain.Exchange{Keep: w.kept(), Begin: rows}, now)
	for i := range begun {
		begun[i].Attempts++
		w.keep[begun[i].ID] = true
	}
	return begun, err
}

// Finish records outcomes.
func (w *Worker) Finish(ctx context.Context, batch []domain.Finished, now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range batch {
		delete(w.keep, f.Delivery.ID)
	}
	_, err := w.rows.Exchange(ctx, w.Instance, domain.Exchange{Finished: batch, Keep: w.kept()}, now)
	return err
}

func (w *Worker) kept() []int64 { return slices.Sorted(maps.Keys(w.keep)) }

// Start starts a campaign and writes its whole audience down.
func Start(ctx context.Context, campaigns store.Campaigns, id int64, now time.Time) error {
	if err := campaigns.Start(ctx, id, now); err != nil {
		return err
	}
	for {
		if more, err := campaigns.Name(ctx, id, now); !more || err != nil {
			return err
		}
	}
}
