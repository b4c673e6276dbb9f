package main

import (
	"io"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/picture"
	"crier/internal/store"
)

// pictures are the operations on uploaded pictures; their addresses begin with base.
func (s *service) pictures(base string) *app.Pictures {
	return &app.Pictures{Store: store.Pictures{DB: s.db}, Read: readPicture, Base: base, Now: domain.SystemClock}
}

// readPicture makes a picture of an uploaded file.
func readPicture(file io.Reader) (domain.Picture, error) {
	p, err := picture.Read(file)
	return domain.Picture{Type: p.Type, Width: p.Width, Height: p.Height, Data: p.Data}, err
}
