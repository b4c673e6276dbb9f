package i18n

// frenchSignals is what people read about signals.
var frenchSignals = map[string]string{
	"not available": "non disponible",
	"This link leads nowhere (any more). Open it from the message again, or ask whoever sent it.": "Ce lien ne mène nulle part (ou plus). Ouvrez-le de nouveau depuis le message, ou demandez à la personne qui l’a envoyé.",
	"Not just now": "Pas pour l’instant",
	"This link can't be opened at the moment. Try again in a few seconds.": "Ce lien ne peut pas être ouvert en ce moment. Réessayez dans quelques secondes.",
	"Read receipts are not available here.":                                "Les accusés de lecture ne sont pas disponibles ici.",
	"No read receipts have come so far.":                                   "Aucun accusé de lecture n’est arrivé jusqu’ici.",
	"Links":                                                                "Liens",
	"Clicks":                                                               "Clics",
}
