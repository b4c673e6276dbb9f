package i18n

// frenchBot is what the bot says of itself, and to the officers who command it.
var frenchBot = map[string]string{
	// To everybody.
	"Hello [FIRSTNAME]!": "Bonjour [FIRSTNAME] !",
	"Your communications team speaks to you here: ideas, good news, important announcements and, now and then, a short survey.": "C’est ici que votre équipe de communication s’adresse à vous : idées, bonnes nouvelles, annonces importantes et, de temps en temps, un court sondage.",
	"When you answer a survey, your answer goes to the communications team. Nobody reads anything else that you write here.":    "Quand vous répondez à un sondage, votre réponse est transmise à l’équipe de communication. Personne ne lit ce que vous écrivez ici par ailleurs.",
	"Thank you for your message": "Merci de votre message",
	"I only bring news and surveys from your communications team, and nobody reads what is written to me. Please contact the team directly; the answers you give in a survey do reach it.": "Je ne fais que transmettre les nouvelles et les sondages de votre équipe de communication, et personne ne lit ce que l’on m’écrit. Merci de contacter directement l’équipe ; vos réponses aux sondages, elles, lui parviennent bien.",

	// To officers.
	"what you can ask me":                                                     "ce que vous pouvez me demander",
	"the newest campaigns":                                                    "les campagnes les plus récentes",
	"how a campaign stands":                                                   "où en est une campagne",
	"sends it to one person, as a test":                                       "l’envoie à une personne, pour essayer",
	"sends a draft to its audience":                                           "envoie un brouillon à ses destinataires",
	"holds a campaign that is being sent":                                     "suspend une campagne en cours d’envoi",
	"goes on with a paused campaign":                                          "reprend une campagne en pause",
	"stops a campaign for good":                                               "arrête une campagne définitivement",
	"I know drafts, scheduled, sending and done.":                             "Je connais brouillons, programmées, en cours et terminées.",
	"Which campaign? Write its name or number after the command.":             "Quelle campagne ? Écrivez son nom ou son numéro après la commande.",
	"%s is on its way to %s, as a test.":                                      "%s est en route vers %s, pour essai.",
	"%s is scheduled for %s (%s).":                                            "%s est programmée pour le %s (%s).",
	"%s is on its way. Write “report %s” to see how it goes.":                 "%s est en route. Écrivez « rapport %s » pour suivre l’envoi.",
	"I did not understand the time. Write it like 18:30 or 2026-02-14 18:30.": "Je n’ai pas compris l’heure. Écrivez-la ainsi : 18:30 ou 2026-02-14 18:30.",
	"Something went wrong here. Please try again later.":                      "Une erreur s’est produite ici. Veuillez réessayer plus tard.",
	"This button does nothing here.":                                          "Ce bouton ne fait rien ici.",
	"Thank you for your answer":                                               "Merci de votre réponse",
	"What you can ask me":                                                     "Ce que vous pouvez me demander",
	"**%s**: %s":                                                              "**%s** : %s",
	"Campaigns":                                                               "Campagnes",
	"There are no campaigns here yet.":                                        "Il n’y a pas encore de campagne ici.",
	"%s, %s, no. %s":                                                          "%s, %s, nº %s",
	"and %d more":                                                             "et %d de plus",

	// Campaigns: where they stand, and how they went.
	"%s, %s":    "%s, %s",
	"draft":     "brouillon",
	"scheduled": "programmée",
	"sending":   "envoi en cours",
	"paused":    "en pause",
	"done":      "terminée",
	"cancelled": "annulée",
	"success":   "succès",
	"error":     "erreur",
	"postponed": "reporté",

	// Counters.
	"Expected end":    "Fin prévue",
	"Recipients":      "Destinataires",
	"Sent":            "Envoyés",
	"Seen":            "Vus",
	"Clicked":         "Ont cliqué",
	"Answered":        "Ont répondu",
	"Waiting":         "En attente",
	"Postponed":       "Reportés",
	"In error":        "En erreur",
	"Unscheduled":     "Déprogrammés",
	"Uncertain":       "Incertains",
	"Cancelled":       "Annulés",
	"Without the app": "Sans l’application",
}
