using System.Globalization;
using Ferry.Fixup.Rehearsal.Consoles;
using Ferry.Fixup.Rehearsal.Screens;

namespace Ferry.Fixup.Rehearsal.Signs;

/// <summary>Decides how a start ends, from what is seen of the machine in order. The first sign decides. Pure; not thread-safe.</summary>
/// <param name="windows">Whether the guest is Windows, whose stop screens are looked for.</param>
/// <param name="untilOff">Whether the guest is watched until it switches itself off: that it has started decides nothing then.</param>
internal sealed class BootJudge(bool windows, bool untilOff = false)
{
    /// <summary>Restarts that a healthy first start may need: relabelling, new drivers.</summary>
    public const int MostRestarts = 4;

    /// <summary>How often in a row a stop screen is seen before it counts.</summary>
    public const int StopScreenLooks = 3;

    private readonly List<string> _failedUnits = [];
    private string? _cause;
    private string _last = "";
    private int _restarts;
    private int _stopScreens;

    /// <summary>The verdict, once there is one.</summary>
    public BootVerdict? Verdict { get; private set; }

    /// <summary>Units that did not start, as the console named them; at most 20.</summary>
    public IReadOnlyList<string> FailedUnits => _failedUnits;

    /// <summary>Looks at a line. The same line may come again.</summary>
    public void See(ConsoleLine line)
    {
        var text = line.Text.Trim();
        if (text.Length == 0)
        {
            return;
        }

        _last = line.Source == ConsoleSource.Firmware ? _last : text;
        if (text.StartsWith("[FAILED] Failed to start", StringComparison.Ordinal) && _failedUnits.Count < 20 && !_failedUnits.Contains(text))
        {
            _failedUnits.Add(text);
        }

        if (BootTexts.Read(text) is { } sign)
        {
            Decide(sign);
        }

        if (BootTexts.IsCause(text))
        {
            _cause = text;
        }
    }

    /// <summary>Looks at the screen as a picture.</summary>
    public void See(ScreenPicture picture)
    {
        var name = windows ? StopScreens.Recognise(picture) : null;
        _stopScreens = name is null ? 0 : _stopScreens + 1;
        if (_stopScreens >= StopScreenLooks)
        {
            Decide(new BootSign(BootSignKind.StopScreen, $"The screen has the colour of a stop screen of {name}; what it says is in the picture."));
        }
    }

    /// <summary>The guest agent has answered.</summary>
    public void SeeAgent() => Decide(new BootSign(BootSignKind.GuestAgent, "The guest agent answers."));

    /// <summary>The guest has told the hypervisor that it crashed.</summary>
    /// <param name="stopCode">Windows' stop code, when it came with one.</param>
    public void SeeCrash(ulong? stopCode) => Decide(stopCode is { } code
        ? new BootSign(BootSignKind.StopCode, string.Create(CultureInfo.InvariantCulture, $"Windows has reported the stop code 0x{code:X8}."))
        : new BootSign(BootSignKind.KernelPanic, "The guest has reported a panic to the hypervisor."));

    /// <summary>The machine starts again from its firmware.</summary>
    public void SeeRestart()
    {
        if (++_restarts > MostRestarts)
        {
            Decide(new BootSign(BootSignKind.BootLoop, string.Create(CultureInfo.InvariantCulture, $"The machine has started {_restarts + 1} times{(_last.Length == 0 ? "." : "; last: " + _last)}")));
        }
    }

    /// <summary>The guest has switched the machine off.</summary>
    public void SeePowerOff() => Decide(new BootSign(BootSignKind.PoweredOff, "The guest has switched the machine off."));

    /// <summary>The time is up.</summary>
    public BootVerdict GiveUp() => Verdict ??= new BootVerdict(BootVerdict.Unknown, null, _last, _cause);

    private void Decide(BootSign sign)
    {
        if (untilOff && sign.IsStarted)
        {
            return;
        }

        Verdict ??= new BootVerdict(
            sign.IsStarted ? BootVerdict.Booted : sign.IsFailure ? BootVerdict.Panicked : BootVerdict.Unknown,
            BootSign.NameOf(sign.Kind),
            sign.Quote,
            sign.IsStarted || BootTexts.IsOwnCause(sign.Quote) ? null : _cause);
    }
}
