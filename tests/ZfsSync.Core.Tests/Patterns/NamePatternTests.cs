using Shouldly;
using Xunit;
using ZfsSync.Core.Patterns;

namespace ZfsSync.Core.Tests.Patterns;

public class NamePatternTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "A", false)]
    [InlineData("a", "ab", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "home", true)]
    [InlineData("*", "home/ann", false)]
    [InlineData("home/*", "home/ann", true)]
    [InlineData("home/*", "home/ann/mail", false)]
    [InlineData("home/**", "home/ann/mail", true)]
    [InlineData("home/**", "home", false)]
    [InlineData("**/tmp", "a/b/tmp", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("autosnap_*_daily", "autosnap_2026-01-01_00:00:00_daily", true)]
    [InlineData("autosnap_*_daily", "autosnap_2026-01-01_00:00:00_hourly", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b*", "xxbxxaxx", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("[ab]", "a", false)]
    public void A_glob_matches_the_whole_name(string pattern, string name, bool matches) =>
        NamePattern.IsMatch(pattern, name).ShouldBe(matches);

    [Fact]
    public void A_hostile_pattern_takes_no_longer_than_its_length()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 2_000)) + "b";
        NamePattern.IsMatch(pattern, new string('a', 5_000)).ShouldBeFalse();
    }
}
