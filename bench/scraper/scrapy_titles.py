# scrapy_titles.py - the titles of a list of pages, by a Scrapy spider.
#
#	python3 scrapy_titles.py CONNECTIONS <URLS
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
import sys

import scrapy
from scrapy.crawler import CrawlerProcess

connections = int(sys.argv[1])


class Titles(scrapy.Spider):
    name = "titles"

    def start_requests(self):
        for line in sys.stdin:
            yield scrapy.Request(line.strip(), dont_filter=True)

    def parse(self, response):
        title = response.xpath("//title/text()").get()
        sys.stdout.write(response.url + "\t" + title + "\n")


process = CrawlerProcess({
    "CONCURRENT_REQUESTS": connections,
    "CONCURRENT_REQUESTS_PER_DOMAIN": connections,
    "LOG_LEVEL": "ERROR",
    "ROBOTSTXT_OBEY": False,
    "TELNETCONSOLE_ENABLED": False,
})
process.crawl(Titles)
process.start()
