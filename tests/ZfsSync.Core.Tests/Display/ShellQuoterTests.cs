using Shouldly;
using Xunit;
using ZfsSync.Core.Display;

namespace ZfsSync.Core.Tests.Display;

public sealed class ShellQuoterTests
{
    [Theory]
    [InlineData("tank/home@monday", "tank/home@monday")]
    [InlineData("zfs", "zfs")]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$(reboot)", "'$(reboot)'")]
    [InlineData("a=b", "'a=b'")]
    [InlineData("~root", "'~root'")]
    [InlineData("line\nbreak", "'line\nbreak'")]
    public void A_text_becomes_exactly_one_word(string text, string word) => ShellQuoter.Quote(text).ShouldBe(word);

    [Fact]
    public void Words_are_quoted_one_by_one() =>
        ShellQuoter.Join(["zfs", "send", "tank/a b@c"]).ShouldBe("zfs send 'tank/a b@c'");

    [Fact]
    public void A_nul_is_refused() => Should.Throw<ArgumentException>(() => ShellQuoter.Quote("a\0b"));
}
