// Package metrics holds what the program counts about itself, in Prometheus' terms. The
// names are promises; see the operator's guide.
package metrics

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the counters of one process.
type Metrics struct {
	registry  *prometheus.Registry
	inbound   *prometheus.CounterVec
	sends     *prometheus.CounterVec
	seconds   prometheus.Histogram
	throttled prometheus.Counter
}

// New makes the counters, at zero.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		inbound: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "crier_inbound_activities_total", Help: "Activities received, by type and what became of them.",
		}, []string{"type", "result"}),
		sends: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "crier_sends_total", Help: "Tries to send a campaign's message, by what they came to.",
		}, []string{"result"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "crier_send_seconds", Help: "How long a try took, the wait for its turn included.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}),
		throttled: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "crier_throttled_total", Help: "Requests that the Connector answered with 429.",
		}),
	}
	m.registry.MustRegister(m.inbound, m.sends, m.seconds, m.throttled,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Inbound counts an activity.
func (m *Metrics) Inbound(kind, result string) { m.inbound.WithLabelValues(kind, result).Inc() }

// Send counts a try and how long it took.
func (m *Metrics) Send(result string, took time.Duration) {
	m.sends.WithLabelValues(result).Inc()
	m.seconds.Observe(took.Seconds())
}

// Throttled counts a 429.
func (m *Metrics) Throttled() { m.throttled.Inc() }

// Gauges are read when somebody asks.
type Gauges struct {
	Due       func(ctx context.Context) (int64, error)
	Campaigns func(ctx context.Context) (map[string]int64, error)
	Database  func() bool // whether sends can be recorded
	Leading   func() bool // whether this process does what is done once for all
}

// Watch adds the gauges; each is asked for at most once a scrape, within a second.
func (m *Metrics) Watch(g Gauges) { m.registry.MustRegister(&gauges{g}) }

type gauges struct{ Gauges }

var (
	dueDesc       = prometheus.NewDesc("crier_deliveries_due", "Rows that are due and not sent yet.", nil, nil)
	databaseDesc  = prometheus.NewDesc("crier_database_up", "1 while sends can be recorded, 0 while the database does not answer.", nil, nil)
	leadingDesc   = prometheus.NewDesc("crier_leader", "1 in the process that does what is done once for all instances.", nil, nil)
	campaignsDesc = prometheus.NewDesc("crier_campaigns", "Campaigns by status.", []string{"status"}, nil)
)

// Describe names the gauges.
func (g *gauges) Describe(ch chan<- *prometheus.Desc) {
	ch <- dueDesc
	ch <- campaignsDesc
	ch <- databaseDesc
	ch <- leadingDesc
}

// Collect reads the gauges; what can't be read is left out.
func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	ch <- prometheus.MustNewConstMetric(databaseDesc, prometheus.GaugeValue, flag(g.Database()))
	ch <- prometheus.MustNewConstMetric(leadingDesc, prometheus.GaugeValue, flag(g.Leading()))
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if n, err := g.Due(ctx); err == nil {
		ch <- prometheus.MustNewConstMetric(dueDesc, prometheus.GaugeValue, float64(n))
	}
	if by, err := g.Campaigns(ctx); err == nil {
		for status, n := range by {
			ch <- prometheus.MustNewConstMetric(campaignsDesc, prometheus.GaugeValue, float64(n), status)
		}
	}
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Handler serves the counters.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Timeout: 5 * time.Second})
}
