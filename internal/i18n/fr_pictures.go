package i18n

// frenchPictures is what people read about pictures.
var frenchPictures = map[string]string{
	"The file is empty.": "Le fichier est vide.",
	"A picture may have at most %d MB. Make it smaller and upload it again.":                 "Une image peut peser au plus %d Mo. Réduisez-la, puis chargez-la de nouveau.",
	"This file is no picture that Teams shows. Choose a PNG, a JPEG or a GIF.":               "Ce fichier n’est pas une image : Teams n’affiche que le PNG, le JPEG et le GIF. Choisissez-en un.",
	"The picture is damaged and can't be opened. Save it anew and upload that.":              "L’image est endommagée et ne peut pas être ouverte. Enregistrez-la à nouveau, puis chargez-la.",
	"The picture has too many pixels: at most %d million, and at most %d a side, are taken.": "L’image a trop de pixels : %d millions au plus, et %d au plus par côté.",
	"There is no such picture.": "Cette image n’existe pas.",
	"Send the image as a file, in the field file of a form: Content-Type: multipart/form-data.": "Envoyez l’image comme fichier, dans le champ file d’un formulaire : Content-Type: multipart/form-data.",
	"Send one file at a time, and nothing beside it.":                                           "Envoyez un seul fichier à la fois, sans rien d’autre.",
	"Or upload a picture": "Ou charger une image",
	"Upload":              "Charger",
	"PNG, JPEG or GIF, at most %d MB. It is made to fit, and who has its address can see it.": "PNG, JPEG ou GIF, %d Mo au plus. Elle est mise à la bonne taille ; qui connaît son adresse peut la voir.",
	"Choose a file first.":                "Choisissez d’abord un fichier.",
	"Uploading …":                         "Chargement…",
	"Uploaded. Its address is filled in.": "Image chargée. Son adresse est remplie.",
	"The picture could not be uploaded. Try again in a moment.": "L’image n’a pas pu être chargée. Réessayez dans un instant.",
}
