using System.Text;

namespace Ferry.Fixup.Rehearsal.Consoles;

/// <summary>
/// Makes lines of what a guest writes to a terminal: without escape sequences and control characters, each of bounded length, the last of them kept. Not thread-safe.
/// </summary>
internal sealed class ConsoleLog
{
    /// <summary>Longest line in characters; what is longer is cut.</summary>
    public const int LongestLine = 400;

    private const int MostLines = 500;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _open = new();
    private readonly Queue<string> _kept = new();
    private readonly Queue<string> _fresh = new();
    private TerminalState _state;
    private bool _returned;

    /// <summary>The line that has not ended: a prompt, for example.</summary>
    public string Open => _open.ToString();

    /// <summary>The last lines, with the open one.</summary>
    public IReadOnlyList<string> Last(int count) => [.. _kept.Append(Open).Where(line => line.Trim().Length > 0).TakeLast(count)];

    /// <summary>Takes what was written.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Span<char> characters = stackalloc char[256];
        while (!bytes.IsEmpty)
        {
            _decoder.Convert(bytes, characters, flush: false, out var read, out var made, out _);
            bytes = bytes[read..];
            foreach (var character in characters[..made])
            {
                Take(character);
            }
        }
    }

    /// <summary>The lines since the last call, the open one last.</summary>
    public IReadOnlyList<string> TakeFresh()
    {
        List<string> lines = [.. _fresh, Open];
        _fresh.Clear();
        return lines;
    }

    private void Take(char character)
    {
        switch (_state)
        {
            case TerminalState.Escape:
                _state = character switch { '[' => TerminalState.Control, ']' or 'P' or 'X' or '^' or '_' => TerminalState.String, '(' or ')' or '#' or ' ' => TerminalState.OneMore, _ => TerminalState.Text };
                return;
            case TerminalState.OneMore:
                _state = TerminalState.Text;
                return;
            case TerminalState.Control when character is >= '@' and <= '~':
                _state = TerminalState.Text;
                if (character is 'H' or 'f' or 'J')
                {
                    // The cursor goes elsewhere on the screen: what follows is another line.
                    End();
                }

                return;
            case TerminalState.Control when character is >= ' ' or '\x1b':
            case TerminalState.String when character is not '\a' and not '\n':
                _state = character == '\x1b' ? TerminalState.Escape : _state;
                return;
            default:
                _state = character == '\x1b' ? TerminalState.Escape : TerminalState.Text;
                TakeText(character);
                return;
        }
    }

    private void TakeText(char character)
    {
        switch (character)
        {
            case '\n':
                End();
                return;
            case '\r':
                _returned = true;
                return;
            case '\b':
                _open.Length = Math.Max(0, _open.Length - 1);
                return;
        }

        var shown = character == '\t' ? ' ' : character;
        if (char.IsControl(shown) || char.IsSurrogate(shown))
        {
            return;
        }

        if (_returned)
        {
            // Written over from the left: the progress of something.
            _open.Clear();
            _returned = false;
        }

        if (_open.Length < LongestLine)
        {
            _open.Append(shown);
        }
    }

    private void End()
    {
        _returned = false;
        var line = Open.TrimEnd();
        _open.Clear();
        if (line.Length == 0)
        {
            return;
        }

        Keep(_kept, line);
        Keep(_fresh, line);
    }

    private static void Keep(Queue<string> lines, string line)
    {
        lines.Enqueue(line);
        if (lines.Count > MostLines)
        {
            lines.Dequeue();
        }
    }
}
