// titles.go - the titles of a list of pages, by Go's net/http.
//
//	titles CONNECTIONS <URLS
//
// Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
)

// fetch returns the title of a page.
func fetch(client *http.Client, url string) (string, error) {
	response, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	_, rest, found := bytes.Cut(page, []byte("<title>"))
	title, _, closed := bytes.Cut(rest, []byte("</title>"))
	if !found || !closed {
		return "", fmt.Errorf("%s: no title", url)
	}
	return string(title), nil
}

func main() {
	connections, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	client := &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: connections,
		DisableCompression:  true,
	}}
	urls := make(chan string)
	lines := make(chan string, connections)
	var workers sync.WaitGroup
	for i := 0; i < connections; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for url := range urls {
				title, err := fetch(client, url)
				if err != nil {
					panic(err)
				}
				lines <- url + "\t" + title + "\n"
			}
		}()
	}
	go func() {
		in := bufio.NewScanner(os.Stdin)
		for in.Scan() {
			urls <- in.Text()
		}
		close(urls)
		workers.Wait()
		close(lines)
	}()
	out := bufio.NewWriter(os.Stdout)
	for line := range lines {
		out.WriteString(line)
	}
	out.Flush()
}
