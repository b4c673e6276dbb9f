package web

import "net/http"

// statementData is a page for everybody that only says something.
type statementData struct {
	frame
	Lines []string
}

// privacy says what is kept of people. The Teams app names this page unless its operator
// names one of their own.
func (s *server) privacy(w http.ResponseWriter, _ *http.Request, v *visit) error {
	return s.statement(w, v, v.tr.Text("Privacy"),
		v.tr.Text("This service brings you messages from your organization's communications team in Teams. Your organization runs it and answers for it."),
		v.tr.Text("It keeps, while you have the app and after: your name, address, language and time zone as Teams tells them, and how to reach your chat with the bot."),
		v.tr.Text("For each message it keeps whether it was delivered, read or reacted to, which of its links you opened, and what you answered. A survey says on its card whether your answer goes out with your name."),
		v.tr.Text("It reads nothing else of what you write or do in Teams. Ask your organization to see or erase what is kept of you."))
}

// terms says on what terms the app is used.
func (s *server) terms(w http.ResponseWriter, _ *http.Request, v *visit) error {
	return s.statement(w, v, v.tr.Text("Terms of use"),
		v.tr.Text("Your organization offers this app to its people. Its own rules for Teams and for what is written there apply here too."))
}

func (s *server) statement(w http.ResponseWriter, v *visit, title string, lines ...string) error {
	return s.render(w, v, http.StatusOK, "statement", "", statementData{frame: s.frame(v, "", title), Lines: lines})
}
