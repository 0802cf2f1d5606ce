using System.Text;
using Ferry.DiskImages.FileSystems;

namespace Ferry.DiskImages.Lvm;

/// <summary>Parses the text of LVM metadata: <c>name { ... }</c>, <c>name = "text"</c>, <c>name = 5</c>, <c>name = ["a", 1]</c>, comments from # to the end of the line (lvm.conf(5)).</summary>
/// <param name="text">The text, up to a zero byte.</param>
/// <param name="budget">Bounds how many names there may be.</param>
internal ref struct LvmText(ReadOnlySpan<byte> text, LvmTextBudget budget)
{
    private const int MostDepth = 16;

    private readonly ReadOnlySpan<byte> _text = text.IndexOf((byte)0) is >= 0 and var end ? text[..end] : text;
    private int _at;

    /// <summary>Parses a text.</summary>
    /// <exception cref="VolumeRefusedException">It is damaged.</exception>
    internal static LvmSection Parse(ReadOnlySpan<byte> text, LvmTextBudget budget)
    {
        var parser = new LvmText(text, budget);
        return parser.ParseSection(0);
    }

    /// <summary>The exception for a text that cannot be understood.</summary>
    internal static VolumeRefusedException Damaged(string what) => new(VolumeFindings.LvmInconsistent, $"The LVM metadata is damaged: {what}.");

    private LvmSection ParseSection(int depth)
    {
        if (depth > MostDepth)
        {
            throw Damaged("sections are nested too deep");
        }

        var section = new LvmSection();
        while (true)
        {
            SkipSpace();
            if (_at == _text.Length ? depth == 0 : depth > 0 && Take('}'))
            {
                return section;
            }

            budget.TakeName();
            var name = ParseName();
            SkipSpace();
            var added = Take('{')
                ? section.Sections.TryAdd(name, ParseSection(depth + 1))
                : Take('=') && section.Values.TryAdd(name, ParseValue());
            if (!added)
            {
                throw Damaged($"what follows '{name}' at byte {_at}, or its name is there twice");
            }
        }
    }

    private List<string> ParseValue()
    {
        SkipSpace();
        if (!Take('['))
        {
            return [ParseWord()];
        }

        var words = new List<string>();
        while (true)
        {
            SkipSpace();
            if (Take(']'))
            {
                return words;
            }

            words.Add(ParseWord());
            SkipSpace();
            _ = Take(',');
        }
    }

    private string ParseWord()
    {
        budget.TakeName();
        if (!Take('"'))
        {
            return ParseName();
        }

        var word = new StringBuilder();
        while (_at < _text.Length && _text[_at] != '"')
        {
            // Quotation marks and backslashes are escaped by a backslash.
            _at += _text[_at] == '\\' && _at + 1 < _text.Length ? 1 : 0;
            word.Append((char)_text[_at++]);
        }

        return Take('"') ? word.ToString() : throw Damaged("a text does not end");
    }

    private string ParseName()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit((char)_text[_at]) || "_-.+/:@".Contains((char)_text[_at], StringComparison.Ordinal)))
        {
            _at++;
        }

        return _at > start ? Encoding.ASCII.GetString(_text[start.._at]) : throw Damaged($"a name was expected at byte {_at}");
    }

    private void SkipSpace()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] == '#')
            {
                var line = _text[_at..].IndexOf((byte)'\n');
                _at = line < 0 ? _text.Length : _at + line;
            }
            else if (!char.IsWhiteSpace((char)_text[_at]))
            {
                return;
            }
            else
            {
                _at++;
            }
        }
    }

    private bool Take(char expected)
    {
        var found = _at < _text.Length && _text[_at] == expected;
        _at += found ? 1 : 0;
        return found;
    }
}
