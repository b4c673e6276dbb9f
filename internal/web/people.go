package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gorilla/mux"

	"crier/internal/domain"
)

type peopleData struct {
	frame
	People   []domain.Person
	Query    string
	Has      string // "", "yes" or "no"
	Next     string
	First    string
	Filtered bool
	MayErase bool
}

// peoplePage lists who has, or had, the app.
func (s *server) peoplePage(w http.ResponseWriter, r *http.Request, v *visit) error {
	q := r.URL.Query()
	d := peopleData{frame: s.frame(v, "people", v.tr.Text("People")), Query: q.Get("q"), Has: q.Get("has")}
	d.Said = said(v.tr, q.Get("said"))
	d.MayErase = v.actor().May(domain.Owner) == nil
	filter := domain.PersonFilter{Query: d.Query}
	if d.Has == "yes" || d.Has == "no" {
		has := d.Has == "yes"
		filter.Installed = &has
	}
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	d.Filtered = d.Query != "" || filter.Installed != nil || before > 0
	found, err := s.People.List(r.Context(), v.actor(), filter, before, pageSize+1)
	if err != nil {
		return err
	}
	here := url.Values{"q": {d.Query}, "has": {d.Has}}
	if len(found) > pageSize {
		found = found[:pageSize]
		d.Next = "/people?" + with(here, "before", strconv.FormatInt(found[pageSize-1].ID, 10))
	}
	if before > 0 {
		d.First = "/people?" + with(here, "", "")
	}
	d.People = found
	return s.render(w, v, http.StatusOK, "people", "", d)
}

func (s *server) erasePerson(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return domain.Fail(domain.NotFound, "There is no such person.")
	}
	if err := s.People.Erase(r.Context(), v.actor(), id); err != nil {
		return err
	}
	return redirect(w, r, "/people?said=erased")
}
