using Shouldly;
using Xunit;
using ZfsSync.Core.Display;

namespace ZfsSync.Core.Tests.Display;

public class WordsTests
{
    [Theory]
    [InlineData(0UL, "0 B")]
    [InlineData(1023UL, "1023 B")]
    [InlineData(1024UL, "1 KiB")]
    [InlineData(1536UL, "1.5 KiB")]
    [InlineData(1048575UL, "1 MiB")]
    [InlineData(ulong.MaxValue, "16 EiB")]
    public void Bytes_are_said_in_the_largest_unit(ulong bytes, string words) =>
        DataSize.InWords(bytes).ShouldBe(words);

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(0, "0 s")]
    [InlineData(119, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(5400, "90 min")]
    [InlineData(9000, "2.5 h")]
    [InlineData(172800, "2 days")]
    public void Times_are_said_in_the_largest_unit_with_two_of_it(int seconds, string words) =>
        Duration.InWords(TimeSpan.FromSeconds(seconds)).ShouldBe(words);
}
