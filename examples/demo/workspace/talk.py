"""What people say to language models in chats and to each other in channels."""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate
from typing import Final

from examples.demo.workspace.chance import Chance
from examples.demo.workspace.drives import Drive, Page
from examples.demo.workspace.rows import Row, TableRows, table_rows, to_json

CONVERSATION_COUNT: Final = 2_500
MESSAGES_PER_CONVERSATION: Final = 20
CHANNEL_MESSAGE_COUNT: Final = 10_000
_EMOJI: Final = ("👍", "🎉", "❤️", "👀", "🚀")


def chat_rows(drives: list[Drive]) -> list[TableRows]:
    """Return conversations with their messages: somebody asks, the model answers, now and then through a tool."""
    chance = Chance("chats")
    conversations: list[Row] = []
    messages: list[Row] = []
    for _ in range(CONVERSATION_COUNT):
        drive = chance.one_of(drives)
        user = chance.one_of(drive.people)
        chats = drive.of_kind("ai_chat")
        page_id = chance.one_of(chats).id if chats and chance.happens(0.8) else None
        conversation_id = chance.id()
        moment = began_at = chance.moment(since=user.joined_at)
        for turn in range(MESSAGES_PER_CONVERSATION):
            moment += timedelta(seconds=chance.number(5, 90))
            text = chance.paragraph(1 if turn % 2 == 0 else 2)
            asked = turn % 2 == 0
            calls = [] if asked or chance.happens(0.8) else [_tool_call(chance, drive)]
            usage = (
                None
                if asked
                else f"({chance.number(200, 4000)},{chance.number(50, 900)},{chance.number(1, 90) / 1000})"
            )
            message = (chance.id(), conversation_id, "user" if asked else "assistant", user.id if asked else None)
            messages.append((*message, text, to_json(calls), usage, moment))
        tools = ["search_pages", "create_page"] if chance.happens(0.5) else []
        about = (conversation_id, user.id, page_id, chance.title(), "large-1", tools)
        conversations.append((*about, moment, began_at, moment))
    return [
        table_rows(
            "conversations",
            "id user_id page_id title model enabled_tools last_message_at created_at updated_at",
            conversations,
        ),
        table_rows("chat_messages", "id conversation_id role author_id content tool_calls usage created_at", messages),
    ]


def channel_rows(drives: list[Drive]) -> list[TableRows]:
    """Return the messages of channels in order of time, with replies, reactions, mentions and read markers."""
    chance = Chance("channels")
    channels = [(drive, page) for drive in drives for page in drive.of_kind("channel")]
    messages: list[Row] = []
    reactions: list[Row] = []
    mentions: list[Row] = []
    markers: list[Row] = []
    for (drive, page), count in zip(channels, _shares(chance, channels), strict=True):
        moments = sorted(chance.moment(since=page.created_at) for _ in range(count))
        threads: list[str] = []
        for moment in moments:
            message_id, author = chance.id(), chance.one_of(drive.people)
            reply_to_id = chance.one_of(threads) if threads and chance.happens(0.15) else None
            messages.append((message_id, page.id, reply_to_id, author.id, chance.sentence(), moment))
            if reply_to_id is None:
                threads.append(message_id)
            if chance.happens(0.2):
                reactions += [
                    (message_id, person.id, chance.one_of(_EMOJI), moment) for person in chance.some_of(drive.people, 2)
                ]
            if chance.happens(0.05):
                target = chance.one_of(drive.people)
                mentions.append((chance.id(), page.id, message_id, target.id, author.id, moment))
        readers = chance.some_of(drive.people, len(drive.people) // 2)
        markers += [(person.id, page.id, chance.moment(days=20)) for person in readers]
    return [
        table_rows("channel_messages", "id page_id reply_to_id author_id content created_at", messages),
        table_rows("message_reactions", "message_id user_id emoji created_at", reactions),
        table_rows("mentions", "id source_page_id source_message_id target_user_id created_by created_at", mentions),
        table_rows("read_markers", "user_id page_id last_read_at", markers),
    ]


def _shares(chance: Chance, channels: list[tuple[Drive, Page]]) -> list[int]:
    """Return how many messages each channel has: `general` has the most, Ada's own by far."""
    weights = [10.0 if page.title == "general" else 1.0 for _, page in channels]
    weights[0] *= 10
    scale = CHANNEL_MESSAGE_COUNT / sum(weights)
    ends = [round(end * scale) for end in accumulate(weights)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _tool_call(chance: Chance, drive: Drive) -> dict[str, object]:
    found = chance.one_of(drive.pages)
    return {
        "id": chance.id(),
        "name": "search_pages",
        "arguments": {"query": found.title.split()[0].lower()},
        "result": [{"id": found.id, "title": found.title}],
    }
