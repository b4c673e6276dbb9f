package i18n

// frenchCards is what stands in messages to everybody, beside the author's own words.
var frenchCards = map[string]string{
	// Kinds.
	"Idea":      "Idée",
	"Success":   "Succès",
	"Important": "Important",
	"Survey":    "Sondage",
	"Card":      "Carte",
	"Message":   "Message",

	// Announcements.
	"%s: %s":                          "%s : %s",
	"There is a new message for you.": "Vous avez un nouveau message.",
	"The message is too big: %d KB, and %d KB can be sent. Shorten the text.": "Le message est trop volumineux : %d Ko, alors que %d Ko au plus peuvent être envoyés. Raccourcissez le texte.",

	"Test": "Test",
	"Test: only the people you chose got this.": "Test : seules les personnes choisies l’ont reçu.",
	"Corrected": "Corrigé",
	"Corrected: this takes the place of what was here before.": "Corrigé : ce message remplace celui qui se trouvait ici.",
	"Expired":                   "Expiré",
	"This message has expired.": "Ce message a expiré.",

	// What of an author's Markdown will look different.
	"There are no headings within a text: this one becomes a bold line.":                                              "Il n’y a pas de titres dans un texte : celui-ci devient une ligne en gras.",
	"Tables can't be shown: their rows become lines.":                                                                 "Les tableaux ne peuvent pas être affichés : leurs rangées deviennent des lignes.",
	"A picture can't stand within a text: a link to it takes its place.":                                              "Une image ne peut pas figurer dans un texte : un lien vers elle la remplace.",
	"Struck-out words can't be shown on every phone: they stand there as usual.":                                      "Les mots barrés ne s’affichent pas sur tous les téléphones : ils y figurent normalement.",
	"Code looks like any other text.":                                                                                 "Le code ressemble au reste du texte.",
	"Quotes look like any other text.":                                                                                "Les citations ressemblent au reste du texte.",
	"Phones show no lists in messages: each item becomes a line of its own.":                                          "Les téléphones n’affichent pas de listes dans les messages : chaque élément devient une ligne.",
	"A list within a list can't be shown: its items become items with a dash.":                                        "Une liste dans une liste ne peut pas être affichée : ses éléments reçoivent un tiret.",
	"Lines across the text can't be shown and are left out.":                                                          "Les traits de séparation ne peuvent pas être affichés et sont omis.",
	"HTML is not understood: people see it as it is written.":                                                         "Le HTML n’est pas interprété : il s’affiche tel qu’il est écrit.",
	"A link must begin with https, http, mailto or tel, with no tag in the name of the site: this one becomes words.": "Un lien commence par https, http, mailto ou tel, sans balise dans le nom du site : celui-ci devient du simple texte.",

	// Why nothing of a campaign goes at the moment.
	"Teams asked us to slow down.":                                      "Teams nous a demandé de ralentir.",
	"Waiting for working hours.":                                        "En attente des heures de travail.",
	"Held back by its cap of messages an hour.":                         "Retenue par sa limite de messages par heure.",
	"Microsoft Graph does not say who is there just now.":               "Microsoft Graph n’indique pas qui est présent pour le moment.",
	"The database does not answer. Nothing more is sent until it does.": "La base de données ne répond pas. Plus rien n’est envoyé d’ici là.",
	"Paused until somebody resumes it.":                                 "En pause jusqu’à ce que quelqu’un la reprenne.",
	"Waiting for its start.":                                            "En attente de son début.",
	"Waiting for the next recipient's time.":                            "En attente de l’heure du prochain destinataire.",
	"It starts at %s.":                                                  "Début : %s.",
	"%s It goes on at %s.":                                              "%s Reprise : %s.",

	// Surveys.
	"Send":                                  "Envoyer",
	"Choose one":                            "Choisissez une réponse",
	"Reply with the number of your answer.": "Répondez en indiquant le numéro de votre choix.",
	"Thank you for your answer.":            "Merci de votre réponse.",
	"This answer can't be read. Open the message again and answer once more.": "Cette réponse est illisible. Rouvrez le message et répondez à nouveau.",
}
