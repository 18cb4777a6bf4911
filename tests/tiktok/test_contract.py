"""What we build on inside TikTokLive. These fail loudly when an upgrade has moved it."""

from __future__ import annotations

import inspect

from TikTokLive import TikTokLiveClient
from TikTokLive.client.web.web_client import TikTokWebClient
from TikTokLive.client.ws.ws_client import WebcastWSClient

from tests.tiktok.messages import entry, frame
from tui_live.config import TikTok
from tui_live.tiktok.client import Client, FrameSocket, warm_up
from tui_live.wire.frames import Frame


async def nothing() -> None:
    return None


async def test_tiktoklive_hands_every_response_to_the_one_method_that_we_override() -> None:
    taken: list[Frame] = []

    async def take(arrived: Frame) -> None:
        taken.append(arrived)

    client = Client("ana", TikTok(), take, nothing)
    sent = [frame(entry(b"", method="WebcastChatMessage")) for _ in range(3)]

    async def connect(**options: object):
        assert {"initial_webcast_response", "room_id", "cookies", "user_agent"} <= set(options)
        for item in sent:
            yield item

    client._ws.connect = connect
    client._room_id = 7
    await client._ws_client_loop(initial_webcast_response=None, process_connect_events=True, compress_ws_events=True)
    assert taken == sent
    await client.hang_up()


async def test_a_first_response_is_taken_as_it_came() -> None:
    from TikTokLive import proto

    taken: list[bytes] = []

    async def take(arrived: Frame) -> None:
        taken.append(arrived.payload)

    client = Client("ana", TikTok(), take, nothing)
    client.first_payload = b"\x12\x01c\x9a\x06\x01x"
    async for _ in client._parse_webcast_response(proto.ProtoMessageFetchResult(cursor="c")):
        raise AssertionError("nothing is emitted")
    assert taken == [client.first_payload]
    await client.hang_up()


def test_the_insides_that_we_touch_are_there() -> None:
    assert "_connect_generator_class" in inspect.getsource(WebcastWSClient.__init__)
    assert "self._connect_generator_class(" in inspect.getsource(WebcastWSClient.connect)
    assert list(inspect.signature(WebcastWSClient.send_ack).parameters) == list(
        inspect.signature(FrameSocket.send_ack).parameters
    )
    assert "self._web.fetch_room_info()" in inspect.getsource(TikTokLiveClient.start)
    assert "fetch_room_info" in inspect.getsource(TikTokWebClient.__init__)
    assert inspect.isasyncgenfunction(TikTokLiveClient._parse_webcast_response)
    assert inspect.isasyncgenfunction(Client._parse_webcast_response)


def test_warming_up_leaves_nothing_for_the_first_frame() -> None:
    warm_up()
    from tui_live.tiktok.decode import _READERS
    from tui_live.wire.schema import known_methods

    assert set(_READERS) == known_methods()
