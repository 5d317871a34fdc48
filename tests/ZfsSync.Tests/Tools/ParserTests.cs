using Shouldly;
using Xunit;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Tests.Tools;

/// <summary>What zfs prints, recorded from 2.1 and 2.3, and what it is read as.</summary>
public sealed class ParserTests
{
    [Theory]
    [InlineData("zfs-2.3.9-0+deb13u1\nzfs-kmod-2.3.9-0+deb13u1\n", 2, 3, true)]
    [InlineData("zfs-2.1.11-1+deb12u1\nzfs-kmod-2.1.11-1+deb12u1\n", 2, 1, false)]
    [InlineData("zfs-2.2.4-FreeBSD_g256659204\nzfs-kmod-2.2.4-FreeBSD_g256659204\n", 2, 2, true)]
    [InlineData("zfs-2.1.99-1187_ga1d8e4f34\nzfs-kmod-2.1.99-1187_ga1d8e4f34\n", 2, 1, false)]
    [InlineData("zfs-2.3.0-1\nzfs-kmod-2.1.11-1\n", 2, 1, false)]
    [InlineData("zfs-2.2.0-1\n", 2, 2, true)]
    public void A_release_is_the_older_of_program_and_module(string output, int major, int minor, bool hasCheapList)
    {
        VersionParser.TryParse(output, out var features).ShouldBeTrue();
        features!.Effective.ShouldBe(new ZfsVersion(major, minor));
        features.HasCheapSnapshotList.ShouldBe(hasCheapList);
        features.HasSnapshotsChanged.ShouldBe(hasCheapList);
    }

    [Theory]
    [InlineData("")]
    [InlineData("zfs-kmod-2.3.9-1\n")]
    [InlineData("unrecognized command 'version'")]
    public void What_is_no_release_is_none(string output) => VersionParser.TryParse(output, out _).ShouldBeFalse();

    [Fact]
    public void Pools_have_exact_numbers_and_a_faulted_one_has_none() =>
        PoolParser
            .Parse(
                "back\t5916516815375291085\t4026531840\t130560\t4026401280\tONLINE\nold\t18446744073709551615\t-\t-\t-\tFAULTED\n"
            )
            .ShouldBe([
                new PoolFacts("back", 5916516815375291085, 4026531840, 130560, 4026401280, "ONLINE"),
                new PoolFacts("old", 18446744073709551615, 0, 0, 0, "FAULTED"),
            ]);

    [Fact]
    public void A_placeholder_mark_counts_only_where_it_was_set()
    {
        var listing = DatasetParser.Parse(
            "back/x\ttype\tfilesystem\t-\nback/x\tguid\t10956086540042109882\t-\nback/x\tzfs-sync:placeholder\ton\tlocal\n"
                + "back/x/y\ttype\tvolume\t-\nback/x/y\tzfs-sync:placeholder\ton\tinherited from back/x\n"
        );
        listing
            .Datasets.Select(dataset => (dataset.Name.Value, dataset.IsPlaceholder, dataset.Kind))
            .ShouldBe([("back/x", true, DatasetKind.Filesystem), ("back/x/y", false, DatasetKind.Volume)]);
        listing.Datasets[0].DatasetGuid.ShouldBe(10956086540042109882);
        listing.Datasets[1].DatasetGuid.ShouldBeNull();
    }

    [Fact]
    public void Encryption_origin_and_token_are_read_and_dashes_are_nothing()
    {
        var dataset = DatasetParser
            .Parse(
                """
                tank/enc/child	encryptionroot	tank/enc	-
                tank/enc/child	keystatus	unavailable	-
                tank/enc/child	origin	tank/a b@x: y	-
                tank/enc/child	receive_resume_token	1-e604ea4bf-e0-789c	-
                tank/enc/child	written	-	-

                """
            )
            .Datasets.Single();
        dataset.Encryption.ShouldBe(new DatasetEncryption(DatasetName.Parse("tank/enc"), IsKeyLoaded: false));
        dataset.Origin!.ToString().ShouldBe("tank/a b@x: y");
        dataset.ReceiveResumeToken.ShouldBe("1-e604ea4bf-e0-789c");
        dataset.WrittenBytes.ShouldBeNull();
    }

    [Fact]
    public void A_name_we_do_not_accept_is_told_and_hides_no_other()
    {
        var tooLong = "tank/" + new string('n', 300);
        var listing = DatasetParser.Parse($"tank\ttype\tfilesystem\t-\n{tooLong}\ttype\tfilesystem\t-\n");
        listing.Datasets.Single().Name.Value.ShouldBe("tank");
        listing.Unreadable.ShouldBe([tooLong]);
    }

    [Fact]
    public void A_user_property_may_hold_tabs_and_line_breaks() =>
        PropertyParser
            .Parse("tank\tnote:x\ta\tb\nc\tlocal\ntank\tguid\t7\t-\n")
            .ShouldBe([
                new PropertyValue("tank", "note:x", "a\tb\nc", "local"),
                new PropertyValue("tank", "guid", "7", "-"),
            ]);

    [Fact]
    public void Snapshots_come_oldest_first_whatever_the_listing_s_order()
    {
        var parser = new SnapshotParser();
        parser.Add("tank/a@three: x\t18446744073709551615\t66");
        parser.Add("tank/a b@one two\t3843351852696129960\t57");
        parser.Add("tank/a@one\t15207573553665511484\t57");
        var listing = parser.ToListing(["tank/gone"]);
        listing.Of(DatasetName.Parse("tank/a")).Select(snapshot => snapshot.Label).ShouldBe(["one", "three: x"]);
        listing.Of(DatasetName.Parse("tank/a"))[1].Guid.Value.ShouldBe(ulong.MaxValue);
        listing.Of(DatasetName.Parse("tank/none")).ShouldBeEmpty();
        listing.Missing.ShouldBe([DatasetName.Parse("tank/gone")]);
    }

    [Fact]
    public void The_full_columns_bring_creation_sizes_and_holds()
    {
        var parser = new SnapshotParser();
        parser.Add("tank/a@one\t15207573553665511484\t57\t1795237383\t0\t3043328\t8192\t2");
        parser
            .ToListing([])
            .Of(DatasetName.Parse("tank/a"))
            .ShouldBe([
                new Snapshot(new SnapshotGuid(15207573553665511484), "one", 57)
                {
                    CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1795237383),
                    UsedBytes = 0,
                    ReferencedBytes = 3043328,
                    WrittenBytes = 8192,
                    Holds = 2,
                },
            ]);
    }

    [Theory]
    [InlineData("tank/a@one")]
    [InlineData("tank/a@one\tx\t57")]
    [InlineData("tank/a@one\t1\t-57")]
    [InlineData("tank/a@one\t1\t2\t3")]
    public void A_line_that_is_no_snapshot_is_refused(string line) =>
        Should.Throw<FormatException>(() => new SnapshotParser().Add(line));

    [Fact]
    public void Bookmarks_are_told_from_snapshots()
    {
        var parser = new BookmarkParser();
        parser.Add("tank/a#edge one\t15207573553665511484\t57");
        parser.Add("tank/a@edge\t1\t57");
        var listing = parser.ToListing([]);
        listing
            .Of(DatasetName.Parse("tank/a"))
            .ShouldBe([new Bookmark(new SnapshotGuid(15207573553665511484), "edge one", 57)]);
        listing.Unreadable.ShouldBe(["tank/a@edge"]);
    }

    [Fact]
    public void A_watch_line_is_shorter_before_2_2()
    {
        WatchParser
            .Parse("tank/a\t14883260300799463721\t0\t-\t1795237383\ntank\t3760661791931254021\t24576\t-\t-\n")
            .ShouldBe([
                new DatasetWatch(
                    DatasetName.Parse("tank/a"),
                    14883260300799463721,
                    0,
                    null,
                    DateTimeOffset.FromUnixTimeSeconds(1795237383)
                ),
                new DatasetWatch(DatasetName.Parse("tank"), 3760661791931254021, 24576, null, null),
            ]);
        WatchParser
            .Parse("tank/a\t14883260300799463721\t0\t1-abc-d\n")
            .ShouldBe([new DatasetWatch(DatasetName.Parse("tank/a"), 14883260300799463721, 0, "1-abc-d", null)]);
    }

    [Fact]
    public void Holds_have_a_time_from_2_2_and_any_tag() =>
        HoldParser
            .Parse("tank/a@one\tzfs-sync:e 1\t1795237386\ntank/a@one\tby\thand\tSat Nov 21  5:03 2026\n")
            .ShouldBe([
                new SnapshotHold(
                    SnapshotName.Parse("tank/a@one"),
                    "zfs-sync:e 1",
                    DateTimeOffset.FromUnixTimeSeconds(1795237386)
                ),
                new SnapshotHold(SnapshotName.Parse("tank/a@one"), "by\thand", null),
            ]);

    [Theory]
    [InlineData("full\ttank/a@one\t3033848\nsize\t3033848\n", 3033848UL)]
    [InlineData("incremental\tone\ttank/a@two\t624\nsize\t624\n", 624UL)]
    [InlineData(
        "resume token contents:\nnvlist version: 0\n\tobject = 0x2\nfull\ttank/a@one\t18446744073709548000\nsize\t18446744073709548000\n",
        null
    )]
    [InlineData("", null)]
    public void An_estimate_is_the_size_line_unless_it_is_nonsense(string text, ulong? bytes) =>
        EstimateParser.Parse(text).ShouldBe(bytes);

    [Fact]
    public void Held_and_cloned_snapshots_are_found_by_name_in_both_wordings()
    {
        var dataset = DatasetName.Parse("tank/a");
        string[] labels = ["one", "two: dataset", "three"];
        DestroyParser
            .Blocked(
                dataset,
                labels,
                "cannot destroy snapshot tank/a@two: dataset: dataset is busy\ncannot destroy snapshot tank/a@one: it's being held. Run 'zfs holds -r tank/a@one' to see holders.\n"
            )
            .Select(blocked => (blocked.Snapshot.Label, blocked.Kind))
            .ShouldBe([("two: dataset", ToolErrorKind.Busy), ("one", ToolErrorKind.Busy)]);
        DestroyParser
            .Blocked(
                dataset,
                labels,
                "cannot destroy 'tank/a@three': snapshot has dependent clones\nuse '-R' to destroy the following datasets:\ntank/clone\n"
            )
            .Select(blocked => (blocked.Snapshot.Label, blocked.Kind))
            .ShouldBe([("three", ToolErrorKind.Clones)]);
        DestroyParser
            .Blocked(dataset, labels, "cannot destroy snapshot tank/a@one: permission denied\n")
            .ShouldBeEmpty();
    }

    [Fact]
    public void Permissions_are_read_with_their_scope_and_their_dataset()
    {
        const string text =
            "---- Permissions on tank/a- - -------------------------------------------\nCreate time permissions:\n\tdestroy\n"
            + "Local+Descendent permissions:\n\tuser zfssync hold,send\n\tgroup domain users @mine\n"
            + "---- Permissions on tank ---------------------------------------------\nPermission sets:\n\t@mine mount,snapshot\n"
            + "Local permissions:\n\tuser 1001 send\nDescendent permissions:\n\teveryone mount\n";
        PermissionParser
            .Parse(text)
            .Select(grant =>
                $"{grant.On}|{grant.Scope}|{grant.Holder}|{grant.Name}|{string.Join(',', grant.Permissions)}"
            )
            .ShouldBe([
                "tank/a- -|Create|||destroy",
                "tank/a- -|LocalAndDescendent|user|zfssync|hold,send",
                "tank/a- -|LocalAndDescendent|group|domain users|@mine",
                "tank|Set||@mine|mount,snapshot",
                "tank|Local|user|1001|send",
                "tank|Descendent|everyone||mount",
            ]);
        PermissionParser.Parse("").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("cannot open 'tank/a b@x': dataset does not exist", "tank/a b@x")]
    [InlineData("bookmark 'tank/a#x' does not exist.", "tank/a#x")]
    [InlineData("cannot open 'tank/a': permission denied", null)]
    [InlineData("warning: something does not exist", null)]
    public void Only_a_missing_name_is_harmless(string line, string? name)
    {
        MissingParser.TryParse(line, out var found).ShouldBe(name is not null);
        found.ShouldBe(name);
    }
}
