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

	// Surveys.
	"Send":       "Envoyer",
	"Choose one": "Choisissez une réponse",
	"Your answer goes to the communications team with your name.":             "Votre réponse est transmise avec votre nom à l’équipe de communication.",
	"Reply with the number of your answer.":                                   "Répondez en indiquant le numéro de votre choix.",
	"Thank you for your answer.":                                              "Merci de votre réponse.",
	"This answer can't be read. Open the message again and answer once more.": "Cette réponse est illisible. Rouvrez le message et répondez à nouveau.",
}
