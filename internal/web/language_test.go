package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestEveryPageSpeaksBothLanguages draws each page in English and in French.
func TestEveryPageSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	pages := w.populate()
	for name, path := range pages {
		english, french := w.in("en-GB,en;q=0.8", path), w.in("fr-CA,fr;q=0.9,en;q=0.5", path)
		if !strings.Contains(english.Body, `<html lang="en">`) || !strings.Contains(french.Body, `<html lang="fr">`) {
			t.Errorf("%s: the page does not say its language", name)
		}
		for _, word := range []string{"Campagnes", "Personnes", "Aller au contenu"} {
			if strings.Contains(english.Body, word) || !strings.Contains(french.Body, word) {
				t.Errorf("%s: %q is in the wrong language", name, word)
			}
		}
		for _, body := range []string{english.Body, french.Body} {
			if found := broken.FindString(body); found != "" {
				t.Errorf("%s: %q", name, found)
			}
		}
		if english.Status != french.Status {
			t.Errorf("%s: %d in English, %d in French", name, english.Status, french.Status)
		}
	}
}

// broken is what a wrong argument, an unescaped name or something inline looks like.
var broken = regexp.MustCompile(`%!.{0,20}|ZgotmplZ|<script>.{0,20}|<style.{0,20}|\sstyle=.{0,20}|\son[a-z]+=.{0,20}|<nil>`)

func (w *world) in(language, path string) reply {
	w.t.Helper()
	r := w.request(http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", language)
	return w.do(r)
}

func TestTheSignInSpeaksFrench(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	w.in("fr", "/sign-in").must(t, http.StatusOK, "Se connecter")
	w.in("de-DE,de;q=0.9", "/sign-in").must(t, http.StatusOK, "Sign in")
	w.in("de-DE,fr;q=0.7,en;q=0.3", "/sign-in").must(t, http.StatusOK, "Se connecter")
}

// TestUserTextIsEscaped puts a script in every text that somebody types.
func TestUserTextIsEscaped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	const attack = `"><script>alert(1)</script>`
	w.install(1, attack)
	c := survey()
	c.Name, c.Content.Title = attack, attack
	c.Content.Survey.Questions[0].Text, c.Content.Survey.Questions[0].Options[0] = attack, attack
	c = w.create(c)
	path := campaignPath(c.ID)
	for _, page := range []string{"/campaigns?q=%22%3E%3Cscript%3E", path, path + "/review", path + "/report?q=%22%3E%3Cscript%3E", "/people"} {
		body := w.get(page).Body
		if strings.Contains(body, "<script>") {
			t.Errorf("%s has a script that somebody typed", page)
		}
		if !strings.Contains(body, "&lt;script&gt;") && !strings.Contains(body, `\u003cscript`) {
			t.Errorf("%s does not show what was typed: the test looks at the wrong page", page)
		}
	}
}
