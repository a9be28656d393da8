// promise.cpp - C++: std::promise and std::future, which know no callback:
// the value is fetched.  Only `fire` has a counterpart.  See run.sh.
//
// Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
#include <chrono>
#include <cstdio>
#include <future>

int
main()
{
	const int rounds = 2000000;
	long sum = 0;
	auto since = std::chrono::steady_clock::now();

	for (int i = 0; i < rounds; i++) {
		std::promise<long> p;
		std::future<long> f = p.get_future();

		p.set_value(1);
		sum += f.get();
	}
	std::chrono::duration<double, std::nano> took =
	    std::chrono::steady_clock::now() - since;
	std::printf("c++\tfire\t%.1f\n", took.count() / rounds);
	return sum == rounds ? 0 : 1;
}
