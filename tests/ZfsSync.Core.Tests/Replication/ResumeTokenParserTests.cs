using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;

namespace ZfsSync.Core.Tests.Replication;

public class ResumeTokenParserTests
{
    /// <summary>Printed by ZFS on Linux 0.8.1 (published with zrepl's platform tests).</summary>
    [Theory]
    [InlineData(
        "1-b338b54f3-c0-789c636064000310a500c4ec50360710e72765a52697303030419460caa7a515a796806474e0f26c48f2499525a9c540ba42430fabfe92fcf4d2cc140686c88a76d578ae45530c90e439c1f27989b9a90c0c5545a905390539892569f945b940234bf48b8b921d12c1660200c61a1aba",
        0x94a20a5f25877859,
        null,
        "zreplplatformtest/src@a",
        false
    )]
    [InlineData(
        "1-e3f40c323-f8-789c636064000310a500c4ec50360710e72765a52697303030419460caa7a515a796806474e0f26c48f2499525a9c540da454f0fabfe92fcf4d2cc140686c88a76d578ae45530c90e439c1f27989b9a90c0c5545a905390539892569f945b940234bf48b8b921d12c1e6713320dc9f9c9f5b50945a5c9c9f0d119380ba07265f94580e936200004ff12141",
        0x94a20a5f25877859,
        null,
        "zreplplatformtest/src@a",
        true
    )]
    [InlineData(
        "1-eadabb296-e8-789c636064000310a501c49c50360710a715e5e7a69766a63040416445bb6a3cd7a2290a40363b92bafca4acd4e412060626a83a0cf9b4b4e2d412908c0e5c9e0d493ea9b224b518483ba8ea61d55f920f714515bf9b3fc3c396ef0648f29c60f9bcc4dc54a07c516a414e414e62495a7e512ed0c812fde2a2648724b09900d43e2191",
        0xf784e1004f460f7a,
        0x94a20a5f25877859,
        "zreplplatformtest/src@b",
        false
    )]
    [InlineData(
        "1-1164f8d409-120-789c636064000310a501c49c50360710a715e5e7a69766a63040416445bb6a3cd7a2290a40363b92bafca4acd4e412060626a83a0cf9b4b4e2d412908c0e5c9e0d493ea9b224b51848f368eb61d55f920f714515bf9b3fc3c396ef0648f29c60f9bcc4dc54a07c516a414e414e62495a7e512ed0c812fde2a2648724b079dc0c087f26e7e71614a51617e76743c424a0ee81c9172596c3a41800dd2c2818",
        0xf784e1004f460f7a,
        0x94a20a5f25877859,
        "zreplplatformtest/src@b",
        true
    )]
    public void Tokens_of_a_real_zfs_are_read(string text, ulong toGuid, ulong? fromGuid, string toName, bool raw)
    {
        var token = Read(text);
        token.ToGuid.Value.ShouldBe(toGuid);
        ((ulong?)token.FromGuid?.Value).ShouldBe(fromGuid);
        token.ToName.ShouldBe(toName);
        token.IsRaw.ShouldBe(raw);
        token.IsCompressed.ShouldBe(raw);
        token.Text.ShouldBe(text);
    }

    [Fact]
    public void A_token_with_a_changed_payload_is_refused_by_its_checksum() =>
        Fault(
                "1-1164f8d409-120-badf00d064000310a501c49c50360710a715e5e7a69766a63040416445bb6a3cd7a2290a40363b92bafca4acd4e412060626a83a0cf9b4b4e2d412908c0e5c9e0d493ea9b224b51848f368eb61d55f920f714515bf9b3fc3c396ef0648f29c60f9bcc4dc54a07c516a414e414e62495a7e512ed0c812fde2a2648724b079dc0c087f26e7e71614a51617e76743c424a0ee81c9172596c3a41800dd2c2818"
            )
            .ShouldContain("checksum");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hosts_of_both_byte_orders_are_understood(bool isBigEndian)
    {
        var token = Read(TokenText.Of(ulong.MaxValue, "tank/a b@x:1", 7, true, true, 1UL << 40, isBigEndian));
        token.ToGuid.Value.ShouldBe(ulong.MaxValue);
        token.FromGuid!.Value.Value.ShouldBe(7UL);
        token.ToName.ShouldBe("tank/a b@x:1");
        token.ReceivedBytes.ShouldBe(1UL << 40);
        token.IsRaw.ShouldBeTrue();
        token.HasLargeBlocks.ShouldBeTrue();
        token.HasEmbedded.ShouldBeTrue();
    }

    [Fact]
    public void Entries_that_are_not_ours_are_skipped() =>
        Read(new TokenText().Numbers("redact_snaps", 3).Number("toguid", 5).String("toname", "t@a").Finish())
            .ToGuid.Value.ShouldBe(5UL);

    [Theory]
    [InlineData("", "four parts")]
    [InlineData("-", "four parts")]
    [InlineData("1-0-0-00-", "four parts")]
    [InlineData("2-0-0-00", "version")]
    [InlineData("1-x-0-00", "hex number")]
    [InlineData("1-0-ffffffffffffffff-00", "more than")]
    [InlineData("1-0-10-0", "not hex")]
    [InlineData("1-0-10-zz", "not hex")]
    [InlineData("1-0-10-00", "decompressed")]
    [InlineData("1-0-0-", "readable list")]
    public void Nonsense_is_refused_with_the_reason(string text, string reason) => Fault(text).ShouldContain(reason);

    [Fact]
    public void A_payload_that_unpacks_to_more_than_it_says_is_refused()
    {
        var text = new TokenText().Number("toguid", 5).String("toname", "t@a").Finish(packed => [.. packed, 1, 2, 3]);
        Fault(text).ShouldContain("decompressed");
    }

    [Fact]
    public void A_list_without_the_snapshot_is_refused()
    {
        Fault(new TokenText().String("toname", "t@a").Finish()).ShouldContain("toguid");
        Fault(new TokenText().Number("toguid", 5).Finish()).ShouldContain("toname");
    }

    [Fact]
    public void No_damage_to_the_list_makes_the_reader_fail()
    {
        var random = new Random(20260101);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new TokenText(i % 2 == 0)
                .Number("toguid", 5)
                .String("toname", "tank/data@a")
                .Flag("rawok")
                .Finish(packed =>
                {
                    for (var n = random.Next(1, 5); n > 0; n--)
                        packed[random.Next(packed.Length)] = (byte)random.Next(256);
                    return packed;
                });
            if (!ResumeTokenParser.TryParse(text, out _, out var fault))
                fault.ShouldNotBeEmpty();
        }
    }

    private static ResumeToken Read(string text)
    {
        ResumeTokenParser.TryParse(text, out var token, out var fault).ShouldBeTrue(fault);
        return token!;
    }

    private static string Fault(string text)
    {
        ResumeTokenParser.TryParse(text, out var token, out var fault).ShouldBeFalse();
        token.ShouldBeNull();
        return fault!;
    }
}
