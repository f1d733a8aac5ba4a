/*
 * peers.cpp - a speaker in C++17: peers from the command line, and what is
 * known of them.
 *
 *     peers ROUTER_ID AS [ADDR AS]...
 */
#include <bgp/bgp.h>
#include <cstdlib>
#include <iostream>
#include <memory>

struct speaker_del {
	void
	operator()(bgp_speaker *speaker) const
	{
		bgp_speaker_del(speaker);
	}
};

int
main(int argc, char **argv)
{
	struct bgp_speaker_options options = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_speaker *made = nullptr;

	if (argc < 3 || argc % 2 == 0 ||
	    bgp_id_parse(&options.router_id, argv[1]) != BGP_OK) {
		std::cerr << "peers ROUTER_ID AS [ADDR AS]...\n";
		return 2;
	}
	options.local_as = uint32_t(std::strtoul(argv[2], nullptr, 10));
	if (int err = bgp_speaker_new(&made, &options, nullptr); err < 0) {
		std::cerr << bgp_err_text(err) << '\n';
		return 1;
	}
	std::unique_ptr<bgp_speaker, speaker_del> speaker(made);
	for (int i = 3; i < argc; i += 2) {
		struct bgp_peer_options peer = BGP_PEER_OPTIONS_INIT;
		struct bgp_peer *added;
		int err = bgp_addr_parse(&peer.address, argv[i]);

		peer.peer_as = uint32_t(std::strtoul(argv[i + 1], nullptr, 10));
		if (err == BGP_OK)
			err = bgp_peer_add(speaker.get(), &peer, &added);
		if (err < 0)
			std::cerr << argv[i] << ": " << bgp_err_text(err)
				  << '\n';
	}
	for (auto *p = bgp_peer_next(speaker.get(), nullptr); p != nullptr;
	     p = bgp_peer_next(speaker.get(), p))
		std::cout << bgp_peer_name(p) << '\n';
}
