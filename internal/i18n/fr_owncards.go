package i18n

// frenchOwnCards is what people read about the cards that authors write themselves.
var frenchOwnCards = map[string]string{
	// The JSON and the card as a whole.
	"This is not valid JSON; look at line %d.":              "Ce n’est pas du JSON valide ; regardez la ligne %d.",
	"The card is nested more than %d levels deep.":          "La carte comporte plus de %d niveaux d’imbrication.",
	"This is written twice. Keep one of them.":              "Ceci figure deux fois. N’en gardez qu’un.",
	"At most %d elements. Say less, or send several cards.": "%d éléments au maximum. Raccourcissez, ou envoyez plusieurs cartes.",
	"%s needs %q.":         "Il manque %[2]q à %[1]s.",
	"%s can't stand here.": "%s ne peut pas figurer ici.",
	"Say what this is, for example \"type\":%q.":                                                                          "Indiquez ce que c’est, par exemple \"type\":%q.",
	"Write \"drop\" here, or what is shown instead: { … }.":                                                               "Écrivez ici \"drop\", ou ce qui est affiché à la place : { … }.",
	"Teams does not know Action.Http. Open an address with Action.OpenUrl instead.":                                       "Teams ne connaît pas Action.Http. Ouvrez plutôt une adresse avec Action.OpenUrl.",
	`%s is not part of Adaptive Cards 1.5. Give it a "fallback" for those whose Teams does not know it, or leave it out.`: `%s ne fait pas partie des cartes adaptatives 1.5. Ajoutez un "fallback" pour ceux dont Teams ne le connaît pas, ou retirez-le.`,

	// Kinds of value.
	"Write a list here: [ … ].":                       "Écrivez ici une liste : [ … ].",
	"Write an object here: { … }.":                    "Écrivez ici un objet : { … }.",
	"Write a text here.":                              "Écrivez ici un texte.",
	"Write a number here.":                            "Écrivez ici un nombre.",
	"Write a text or a number here.":                  "Écrivez ici un texte ou un nombre.",
	"Write true or false here.":                       "Écrivez ici true ou false.",
	"Write one of these here: %s.":                    "Écrivez ici l’un de ces mots : %s.",
	"An input needs an id.":                           "Un champ de saisie a besoin d’un id.",
	"Two inputs have the id %q.":                      "Deux champs de saisie portent l’id %q.",
	"An input can't be called %q; choose another id.": "Un champ de saisie ne peut pas s’appeler %q ; choisissez un autre id.",

	// Pictures inside the card.
	"A picture inside the card has at most %d KB. Give the picture's https address instead.":             "Une image incluse dans la carte pèse au plus %d Ko. Indiquez plutôt son adresse https.",
	"A picture inside the card is PNG, JPEG or GIF in base64. Give the picture's https address instead.": "Une image incluse dans la carte est en PNG, JPEG ou GIF, codée en base64. Indiquez plutôt son adresse https.",

	// What an author should know.
	"Not every Teams draws pictures that are inside the card. An https address is safer.":                                            "Teams n’affiche pas partout les images incluses dans la carte. Une adresse https est plus sûre.",
	"%s is newer than Adaptive Cards 1.5. Those whose Teams does not know it see its fallback.":                                      "%s est plus récent que les cartes adaptatives 1.5. Ceux dont Teams ne le connaît pas voient son « fallback ».",
	"%s has no member %q in Adaptive Cards 1.5. Some will see the card without it.":                                                  "%s n’a pas de propriété %q dans les cartes adaptatives 1.5. Certains verront la carte sans elle.",
	"Say in fallbackText what the card is about. It is what a notification says, and all that an older client shows.":                "Résumez la carte dans fallbackText. C’est ce que dit la notification, et tout ce qu’affiche un ancien client.",
	"Describe the picture in altText, for those who can't see it.":                                                                   "Décrivez l’image dans altText, pour ceux qui ne peuvent pas la voir.",
	"Nothing answers this here. Leave it out.":                                                                                       "Rien n’y répond ici. Retirez-le.",
	"Nobody reads what this button sends: who presses it is told that it does nothing here. To ask people something, send a survey.": "Personne ne lit ce que ce bouton envoie : la personne qui le presse apprend qu’il ne fait rien ici. Pour poser une question, envoyez un sondage.",
	"Nobody reads what is filled in here. To ask people something, send a survey.":                                                   "Personne ne lit ce qui est saisi ici. Pour poser une question, envoyez un sondage.",
}
