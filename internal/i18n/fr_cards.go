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
	"Send":       "Envoyer",
	"Choose one": "Choisissez une réponse",
	"Your answer goes to the communications team with your name.":             "Votre réponse est transmise avec votre nom à l’équipe de communication.",
	"Reply with the number of your answer.":                                   "Répondez en indiquant le numéro de votre choix.",
	"Thank you for your answer.":                                              "Merci de votre réponse.",
	"This answer can't be read. Open the message again and answer once more.": "Cette réponse est illisible. Rouvrez le message et répondez à nouveau.",
}
