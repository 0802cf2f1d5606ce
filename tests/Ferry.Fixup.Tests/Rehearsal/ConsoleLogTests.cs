using System.Text;
using Ferry.Fixup.Rehearsal.Consoles;

namespace Ferry.Fixup.Tests.Rehearsal;

public sealed class ConsoleLogTests
{
    [Fact]
    public void Append_TakesEscapesOut_AndKeepsThePromptOpen()
    {
        var log = Log("[\u001b[0;32m  OK  \u001b[0m] Reached target \u001b[0;1;39mmulti-user.target\u001b[0m - Multi-User System.\r\n\r\n\u001b]0;title\aweb login: ");
        Assert.Equal(["[  OK  ] Reached target multi-user.target - Multi-User System.", "web login: "], log.TakeFresh());
        Assert.Equal("web login: ", log.Open);
        Assert.Equal(["web login: "], log.TakeFresh());
    }

    [Fact]
    public void Append_CursorElsewhere_BeginsALine() =>
        Assert.Equal(["BdsDxe: loading Boot0001", "GRUB", "Minimal BASH", "grub> "], Log("\u001b[2J\u001b[01;01HBdsDxe: loading Boot0001\u001b[2;1HGRUB\u001b[5;4HMinimal BASH\u001b[9;1Hgrub> ").TakeFresh());

    [Fact]
    public void Append_CarriageReturnAlone_WritesOver() =>
        Assert.Equal(["[ *** ] a job runs (2s)", "done", ""], Log("[*   ] a job runs (1s)\r[ *** ] a job runs (2s)\ndone\n").TakeFresh());

    [Fact]
    public void Append_InPieces_IsTheSame()
    {
        var text = Encoding.UTF8.GetBytes("é\u001b[31mred\u001b[0m\r\nx\u001b");
        var log = new ConsoleLog();
        foreach (var piece in text)
        {
            log.Append([piece]);
        }

        log.Append("[1mlogin: "u8);
        Assert.Equal(["éred", "xlogin: "], log.TakeFresh());
    }

    [Fact]
    public void Append_Hostile_StaysBounded()
    {
        var log = new ConsoleLog();
        var random = new Random(7);
        var noise = new byte[1 << 16];
        for (var i = 0; i < 40; i++)
        {
            random.NextBytes(noise);
            log.Append(noise);
            noise.AsSpan().Fill((byte)'x');
            log.Append(noise);
        }

        var lines = log.TakeFresh();
        Assert.InRange(lines.Count, 1, 501);
        Assert.All(lines, line =>
        {
            Assert.InRange(line.Length, 0, ConsoleLog.LongestLine);
            Assert.DoesNotContain(line, char.IsControl);
        });
    }

    private static ConsoleLog Log(string text)
    {
        var log = new ConsoleLog();
        log.Append(Encoding.UTF8.GetBytes(text));
        return log;
    }
}
