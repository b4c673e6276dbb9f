package layout

// ourRules says on which floor each package stands, what it may import of ours,
// and who owns each module from outside. Arrows go down, never up or sideways.
func ourRules() rules {
	texts, metrics, live, export := "internal/i18n", "internal/metrics", "internal/live", "internal/export"
	return rules{
		floors: map[string]floor{
			"cmd/crier": {4, []string{anything}},

			"bot":          {3, []string{"internal/domain", "internal/app", "cards", "bot/connector", texts, metrics}},
			"internal/api": {3, []string{"internal/domain", "internal/app", "cards", export, texts, metrics, live}},
			"internal/web": {3, []string{"internal/domain", "internal/app", "cards", "manifest", export, texts, metrics, live}},

			// storetest and webtest serve tests alone.
			"internal/app":             {2, []string{"internal/domain"}},
			"internal/delivery":        {2, []string{"internal/domain", metrics}},
			"internal/store":           {2, []string{"internal/domain"}},
			"internal/store/storetest": {3, []string{"internal/domain", "internal/store"}},
			"internal/web/webtest":     {1, nil},
			"internal/directory":       {2, []string{"internal/domain"}},
			"cards":                    {2, []string{"internal/domain", texts}},
			"bot/connector":            {2, []string{"internal/domain"}},

			"internal/links": {2, []string{"internal/domain"}},
			export:           {2, []string{"internal/domain", texts}},

			"internal/domain":    {1, nil},
			"internal/picture":   {1, nil},
			"internal/schedule":  {1, nil},
			"internal/config":    {1, nil},
			"internal/simulator": {1, nil},
			"manifest":           {1, nil},
			"manifest/icons":     {1, nil},
			texts:                {1, nil},
			metrics:              {1, nil},
			live:                 {1, nil},
			"internal/layout":    {1, nil},
		},
		owners: map[string][]string{
			"github.com/jmoiron/sqlx":                 {"internal/store"},
			"github.com/lib/pq":                       {"internal/store"},
			"modernc.org/sqlite":                      {"internal/store"},
			"github.com/pressly/goose/v3":             {"internal/store"},
			"database/sql":                            {"internal/store", "internal/store/storetest"},
			"github.com/google/go-cmp":                {"internal/store/storetest"},
			"github.com/chromedp":                     {"internal/web/webtest"},
			"github.com/go-co-op/gocron/v2":           {"internal/schedule"},
			"github.com/gofrs/flock":                  {"cmd/crier"},
			"github.com/gorilla/mux":                  {"bot", "internal/api", "internal/web", "cmd/crier"},
			"github.com/infracloudio/msbotbuilder-go": {"bot", "bot/connector"},
			"github.com/golang-jwt/jwt/v5":            {"bot/connector", "internal/simulator"},
			"github.com/prometheus/client_golang":     {"internal/metrics"},
			"github.com/yuin/goldmark":                {"cards"},
			"github.com/xuri/excelize/v2":             {export},
			"golang.org/x/image":                      {"internal/picture"},
			"html/template":                           {"internal/web"},
			"net/http": {"cmd/crier", "bot", "internal/api", "internal/web", "bot/connector", "internal/directory",
				"internal/simulator", "internal/metrics", "internal/links", live, export},
			"golang.org/x/sync": {anything},
			"golang.org/x/time": {anything},
		},
	}
}
