package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"crier/internal/domain"
	"crier/internal/export"
)

// Surveys are the operations on surveys; *app.Surveys has them.
type Surveys interface {
	Results(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, domain.SurveyReport, error)
	Responses(ctx context.Context, by domain.Actor, id int64, question string, after int64, limit int) ([]domain.Response, error)
	Find(ctx context.Context, by domain.Actor, id int64, query string, after int64, limit int) ([]domain.Response, error)
	Close(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error)
	Remind(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error)
	Share(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error)
}

// onSurvey does something to a survey that was sent, and goes on to what people answered.
func (s *server) onSurvey(name string, do func(context.Context, domain.Actor, int64) (domain.Campaign, error)) handler {
	return func(w http.ResponseWriter, r *http.Request, v *visit) error {
		c, err := s.campaign(r, v)
		if err != nil {
			return err
		}
		if _, err := do(r.Context(), v.actor(), c.ID); err != nil {
			return err
		}
		return redirect(w, r, campaignPath(c.ID)+"/report?tab=answers&said="+name)
	}
}

// exportCampaign answers a file of what became of a campaign: its recipients, or what people
// answered.
func (s *server) exportCampaign(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.campaign(r, v)
	if err != nil {
		return err
	}
	what, format, _ := strings.Cut(mux.Vars(r)["file"], ".")
	files := export.Exports{Campaigns: s.Campaigns, Surveys: s.Surveys, Log: s.Log}
	file, err := files.Open(r.Context(), export.Request{
		By: v.actor(), Campaign: c.ID, What: export.What(what), Format: export.Format(format), Language: v.tr.Language(),
	})
	if err != nil {
		return err
	}
	return file.Send(w, r)
}

// surveyRoutes are the addresses of what is done with surveys.
func (s *server) surveyRoutes(get, post func(path string, h handler), r *mux.Router) {
	post("/campaigns/{id:[0-9]+|new}/questions", s.drawQuestions)
	r.Handle("/campaigns/{id:[0-9]+}/export/{file:(?:deliveries|responses)\\.(?:csv|xlsx)}", s.stream(s.exportCampaign)).Methods("GET", "HEAD")
	get("/campaigns/{id:[0-9]+}/answers", s.liveAnswers)
	post("/campaigns/{id:[0-9]+}/close", s.onSurvey("closed", s.Surveys.Close))
	post("/campaigns/{id:[0-9]+}/remind", s.onSurvey("reminded", s.Surveys.Remind))
	post("/campaigns/{id:[0-9]+}/share", s.onSurvey("shared", s.Surveys.Share))
}
