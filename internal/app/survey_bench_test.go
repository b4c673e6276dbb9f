package app_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// BenchmarkSurveyAnswers has people answer a survey of four questions one by one, 16 at once,
// while another campaign is being sent. Each answer is verified, kept and counted.
func BenchmarkSurveyAnswers(b *testing.B) {
	for _, d := range storetest.Databases() {
		for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
			b.Run(d.Name+"/"+string(privacy), func(b *testing.B) { benchAnswers(worldOn(b, d.Open(b)), b, privacy) })
		}
	}
}

func benchAnswers(w *world, b *testing.B, privacy domain.Privacy) {
	const people = 4000
	for i := range people {
		w.ok(w.people.Remember(w.ctx, sighting(fmt.Sprint(i))))
	}
	c := w.sending(party(private(privacy)))
	send := func(c domain.Campaign, limit int) int {
		rows, err := w.worker.Claim(w.ctx, domain.Lane{CampaignID: c.ID, TenantID: "tenant"}, w.clock(), limit)
		w.ok(err)
		w.finish(c, rows, accepted)
		return len(rows)
	}
	for send(c, 1000) > 0 {
	}
	rows, err := store.Deliveries{DB: w.db}.List(w.ctx, c.ID, domain.DeliveryFilter{}, 0, people)
	w.ok(err)
	stop, sent := make(chan struct{}), make(chan int64)
	go func() { // the campaign that is being sent meanwhile
		total := int64(0)
		other := w.sending()
		for {
			select {
			case <-stop:
				sent <- total
				return
			default:
			}
			if n := send(other, 32); n > 0 {
				total += int64(n)
			} else {
				other = w.sending()
			}
		}
	}()
	var next, answers atomic.Int64
	inputs := map[string]string{"come": "yes", "with": "1", "many": "3", "why": "So"}
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() { // one person who answers all
			d := rows[next.Add(1)%people]
			s := domain.SurveySubmission{Verb: domain.VerbAnswer, Ref: w.signals.Refs.Sign(d.ID), Inputs: inputs}
			for _, q := range c.Content.Survey.Questions {
				s.Question = q.ID
				step, err := w.surveys.Submit(w.ctx, d.Person, s)
				if err != nil {
					b.Error(err)
					return
				}
				s.State = step.State
				answers.Add(1)
			}
		}
	})
	b.StopTimer()
	close(stop)
	b.ReportMetric(float64(<-sent)/b.Elapsed().Seconds(), "sent/s")
	b.ReportMetric(float64(answers.Load())/b.Elapsed().Seconds(), "answers/s")
}
