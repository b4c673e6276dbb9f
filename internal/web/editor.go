package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/mail"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"crier/internal/domain"
)

// editorData is the page where a campaign is written.
type editorData struct {
	frame
	Campaign   domain.Campaign
	Form       form
	Fault      string   // of the whole form
	Summary    []input  // every fault, to jump to
	Stale      bool     // somebody else was faster
	Theirs     []string // what they changed
	Size       *audienceData
	Zone       string // the service's own, of working hours
	NoPresence string // why it can't be asked who is there; empty where it can
	TryEmail   input
	Tried      []string // who was just sent a try
	Unsaved    bool     // what stands in the form is kept nowhere
	Kept       bool     // it was saved, though what was to follow failed
	Correcting bool     // the message was sent: its content alone can change
	Whom       string   // who gets it, when it is corrected
}

// editorPage shows a draft or a scheduled campaign in the editor.
func (s *server) editorPage(w http.ResponseWriter, r *http.Request, v *visit, c domain.Campaign) error {
	data := s.editor(r, v, c, formOf(c))
	data.Said = said(v.tr, r.URL.Query().Get("said"))
	if r.URL.Query().Get("said") == "tried" {
		data.Tried = addressesAlone(r.URL.Query()["to"])
	}
	return s.render(w, v, http.StatusOK, "editor", "", data)
}

func (s *server) editor(r *http.Request, v *visit, c domain.Campaign, values url.Values) editorData {
	title := v.tr.Text("New campaign")
	if c.ID != 0 {
		title = c.Name
	}
	d := editorData{frame: s.frame(v, "campaigns", title), Campaign: c, Form: form{Values: values}, Zone: s.zone(), NoPresence: s.noPresence(r, v, c)}
	d.TryEmail = input{Name: "email", Value: values.Get("email")}
	d.Size = s.audienceSize(r, v, c)
	return d
}

// blank is what a new campaign starts from.
func blank() domain.Campaign {
	return domain.Campaign{
		Channel: domain.Teams, Kind: domain.KindIdea, Status: domain.Draft,
		Delivery: domain.Policy{OnUncertain: domain.Resend},
	}
}

// zone is the service's own, which counts where a campaign names none.
func (s *server) zone() string { return cmp.Or(s.Campaigns.Zone, "UTC") }

// presenceTime is how long the editor waits to hear whether presence may be asked for.
const presenceTime = 2 * time.Second

// noPresence is why a campaign can't wait for people to be there. That is known for sure
// when it is saved; a directory that does not answer at once is no reason.
func (s *server) noPresence(r *http.Request, v *visit, c domain.Campaign) string {
	if c.Channel != domain.Teams {
		return v.tr.Text("Only Teams tells who is there.")
	}
	ctx, cancel := context.WithTimeout(r.Context(), presenceTime)
	defer cancel()
	refused, ok := errors.AsType[*domain.Unavailable](s.Campaigns.CanAsk(ctx))
	if !ok || refused.Permission == "" {
		return ""
	}
	return v.tr.Text("The bot may not ask who is there: it needs the permission %s in Microsoft Graph. Your administrator can consent to it.", refused.Permission)
}

// ZoneChoice is which of the zones on offer the form holds: the service's (empty), each
// recipient's own, or another.
func (d editorData) ZoneChoice() string {
	switch zone := d.Form.Value("delivery.working_hours.time_zone"); zone {
	case "", d.Zone:
		return ""
	case domain.Recipient:
		return zone
	}
	return otherZone
}

// OtherZone is the zone that was typed.
func (d editorData) OtherZone() string {
	zone := d.Form.Value("delivery.working_hours.time_zone")
	switch {
	case zone == otherZone:
		return d.Form.Value("delivery.working_hours.time_zone.other")
	case d.ZoneChoice() == otherZone:
		return zone
	}
	return ""
}

// typed is the campaign as it stands in a posted form, beside the one that is stored (the
// blank one, for a new campaign).
func (s *server) typed(r *http.Request, v *visit) (typed, stored domain.Campaign, err error) {
	stored = blank()
	if name := mux.Vars(r)["id"]; name != "" && name != "new" {
		if stored, err = s.campaign(r, v); err != nil {
			return stored, stored, err
		}
	} else if id, _ := strconv.ParseInt(r.PostForm.Get("id"), 10, 64); id > 0 {
		if stored, err = s.Campaigns.Get(r.Context(), v.actor(), id); err != nil {
			return stored, stored, err
		}
	}
	typed = fromForm(r.PostForm, stored)
	if n, err := strconv.ParseInt(r.PostForm.Get("revision"), 10, 64); err == nil {
		typed.Revision = n
	}
	return typed, stored, nil
}

// then is what follows once the form is saved; an error that names fields shows the editor again.
type then func(w http.ResponseWriter, r *http.Request, v *visit, c domain.Campaign) error

func (s *server) saveCampaign(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.submit(w, r, v, always, func(w http.ResponseWriter, r *http.Request, _ *visit, c domain.Campaign) error {
		return redirect(w, r, campaignPath(c.ID)+"?said=saved")
	})
}

// tryCampaign saves what was typed and sends it to a few people who have the app.
func (s *server) tryCampaign(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.submit(w, r, v, whenChanged, func(w http.ResponseWriter, r *http.Request, v *visit, c domain.Campaign) error {
		to := addresses(r.PostForm.Get("email"))
		if err := s.Campaigns.Test(r.Context(), v.actor(), c.ID, to); err != nil {
			return err
		}
		tried := url.Values{"said": {"tried"}, "to": to}
		return redirect(w, r, campaignPath(c.ID)+"?"+tried.Encode()+"#send")
	})
}

// addressesAlone leaves out what is no address: a link can write anything there.
func addressesAlone(list []string) []string {
	var all []string
	for _, one := range list[:min(len(list), domain.MaxTestPeople)] {
		if a, err := mail.ParseAddress(one); err == nil && a.Address == one {
			all = append(all, one)
		}
	}
	return all
}

// reviewCampaign saves what was typed and goes on to the review before the send.
func (s *server) reviewCampaign(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.submit(w, r, v, toDraft, func(w http.ResponseWriter, r *http.Request, _ *visit, c domain.Campaign) error {
		if err := c.CheckComplete(); err != nil {
			return err
		}
		return redirect(w, r, campaignPath(c.ID)+"/review")
	})
}

// saving says whether a form is to be saved before what follows: saving makes a draft of a
// campaign that is scheduled.
type saving func(typed, stored domain.Campaign) bool

func always(_, _ domain.Campaign) bool               { return true }
func whenChanged(typed, stored domain.Campaign) bool { return !sameDraft(typed, stored) }
func toDraft(typed, stored domain.Campaign) bool {
	return stored.Status != domain.Draft || !sameDraft(typed, stored)
}

// submit saves a posted form and goes on. What was typed is shown again, with what is wrong
// beside it, when it can't.
func (s *server) submit(w http.ResponseWriter, r *http.Request, v *visit, needed saving, next then) error {
	typed, stored, err := s.typed(r, v)
	if err != nil {
		return err
	}
	if err := unread(r.PostForm); err != nil {
		return s.again(w, r, v, typed, stored, err)
	}
	saved := stored
	switch {
	case stored.ID == 0:
		saved, err = s.Campaigns.Create(r.Context(), v.actor(), typed)
	case needed(typed, stored):
		saved, err = s.Campaigns.Save(r.Context(), v.actor(), typed)
	}
	if err != nil {
		return s.again(w, r, v, typed, stored, err)
	}
	if err := next(w, r, v, saved); err != nil {
		return s.afterSaving(w, r, v, saved, err)
	}
	return nil
}

// sameDraft says whether the form changes nothing.
func sameDraft(typed, stored domain.Campaign) bool {
	typed.Normalize()
	stored.Normalize()
	return typed.Revision == stored.Revision && reflect.DeepEqual(formOf(typed), formOf(stored))
}

// again shows the editor with what was typed, which could not be saved, and what is wrong with it.
func (s *server) again(w http.ResponseWriter, r *http.Request, v *visit, typed, stored domain.Campaign, err error) error {
	data := s.editor(r, v, typed, refill(r.PostForm, typed))
	data.Unsaved = true
	return s.withFault(w, v, data, typed, stored, err)
}

// afterSaving shows the editor with what was saved, and why what was to follow failed.
func (s *server) afterSaving(w http.ResponseWriter, r *http.Request, v *visit, saved domain.Campaign, err error) error {
	data := s.editor(r, v, saved, refill(r.PostForm, saved))
	data.Kept = r.Method == http.MethodPost
	return s.withFault(w, v, data, saved, saved, err)
}

func (s *server) withFault(w http.ResponseWriter, v *visit, data editorData, typed, stored domain.Campaign, err error) error {
	fault, ok := errors.AsType[*domain.Error](err)
	if !ok || fault.Kind == domain.NotFound || fault.Kind == domain.Forbidden {
		return err
	}
	data.Fault = sayIn(v.tr, fault.Message)
	data.Form.Faults, data.Summary = faultsOf(v, fault)
	data.TryEmail.Fault = data.Form.Faults["email"]
	if stored.ID != 0 {
		data.Location = campaignPath(stored.ID)
	}
	if fault.Kind == domain.Stale {
		data.Stale, data.Theirs = true, differences(v.tr, typed, stored)
		data.Campaign.Revision = stored.Revision // saving again is then a choice
	}
	f, _ := failureOf(err)
	return s.render(w, v, f.status, "editor", "", data)
}
