package delivery

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"

	"crier/internal/domain"
)

// needless asks whether there is still something to tell; the zero Result says that there is.
func (e *Engine) needless(ctx context.Context, it *item) domain.Result {
	if e.Surveys == nil || it.Trial || it.job.Campaign.Kind != domain.KindSurvey {
		return domain.Result{}
	}
	needless, err := e.Surveys.Needless(ctx, it.job.Campaign, it.Delivery)
	switch {
	case err != nil:
		return domain.Result{Verdict: domain.Slowed, RetryAfter: time.Second}
	case needless && it.disguised():
		return domain.Result{Verdict: domain.Needless, Disguised: true, ActivityID: it.alike(madeUpID(e.Now()))}
	case needless:
		return domain.Result{Verdict: domain.Needless}
	}
	return domain.Result{}
}

// disguised says that the row must not tell whether its person had answered an anonymous survey.
func (it *item) disguised() bool {
	return it.job.Change != "" && it.job.Anonymous()
}

// alike is the id that a disguised row keeps: of a correction the message's own, in Teams the
// channel's or one that looks like it. Elsewhere, where ids look otherwise, none: nothing can be
// changed or taken back there.
func (it *item) alike(id string) string {
	switch {
	case it.ActivityID != "":
		return it.ActivityID
	case it.job.Campaign.Channel == domain.Teams:
		return id
	}
	return ""
}

// madeUpID looks like what Teams calls a message that was sent a moment ago: its time
// (protocol/outbound.md).
func madeUpID(now time.Time) string {
	return strconv.FormatInt(now.Add(-time.Duration(20+rand.IntN(200))*time.Millisecond).UnixMilli(), 10)
}
