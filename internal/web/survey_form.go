package web

import (
	"net/http"
)

// drawQuestions shows the editor's questions as one of their buttons makes them: moved, copied,
// one more or less. Nothing is saved, and nothing that was typed is lost.
func (s *server) drawQuestions(w http.ResponseWriter, r *http.Request, v *visit) error {
	next := rearrange(r.PostForm, r.PostForm.Get("do"))
	typed, stored, err := s.typed(r, v)
	if err != nil {
		return err
	}
	values := refill(r.PostForm, typed)
	if shows(typed.Kind, "content.questions") { // with the empty options, which are no part of a survey
		putBlocks(values, blocksOf(r.PostForm))
	}
	d := editorData{Campaign: typed, Form: form{Values: values, Next: next}}
	if v.fragment {
		return s.render(w, v, http.StatusOK, "editor", "questions", d)
	}
	d = s.editor(r, v, typed, values)
	d.Form.Next = next
	d.Location = campaignPath(stored.ID)
	if stored.ID == 0 {
		d.Location = "/campaigns/new"
	}
	return s.render(w, v, http.StatusOK, "editor", "", d)
}
