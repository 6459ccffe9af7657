"""The built JavaScript, as it is sent to a page."""

from nbstream.widget.frontend import frontend


def test_each_file_is_sent_by_the_hash_that_the_module_asks_for() -> None:
    front = frontend()
    module = front.sources[front.hash]
    assert front.hash in front.stub
    assert "__NBSTREAM" not in front.stub + module
    assert front.map_hash in front.map_stub
    assert "__NBSTREAM" not in front.map_stub + front.sources[front.map_hash]
    further = [name for name in front.sources if name not in (front.hash, front.map_hash)]
    assert len(further) == 5
    for name in further:
        assert name in module
        assert front.message(name) == {"t": "code", "hash": name, "source": front.sources[name]}


def test_the_module_of_a_map_is_sent_by_its_hash_and_is_not_in_the_other() -> None:
    front = frontend()
    assert front.message(front.map_hash)["source"] == front.sources[front.map_hash]
    assert front.map_hash not in front.sources[front.hash]


def test_the_module_does_not_contain_the_files() -> None:
    front = frontend()
    assert len(front.sources[front.hash]) < 160_000
