/* The log of the first start. */
#include "first-boot.h"
#include <sddl.h>
#include <stdarg.h>
#include <stdio.h>

#define LONGEST_LINE 2048

static HANDLE file = INVALID_HANDLE_VALUE;

BOOL log_open(const wchar_t *path)
{
    /* Scripts may print what not every user should see. */
    SECURITY_ATTRIBUTES attributes = { sizeof attributes, NULL, TRUE };
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:P(A;;FA;;;SY)(A;;FA;;;BA)", SDDL_REVISION_1, &attributes.lpSecurityDescriptor, NULL))
        return FALSE;
    file = CreateFileW(path, FILE_APPEND_DATA | SYNCHRONIZE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &attributes, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    LocalFree(attributes.lpSecurityDescriptor);
    return file != INVALID_HANDLE_VALUE;
}

HANDLE log_handle(void)
{
    return file;
}

const char *narrow(const wchar_t *text)
{
    static char buffer[LONGEST_LINE];
    if (!WideCharToMultiByte(CP_UTF8, 0, text, -1, buffer, sizeof buffer, NULL, NULL))
        return "?";
    return buffer;
}

void log_line(const char *format, ...)
{
    char line[LONGEST_LINE];
    SYSTEMTIME now;
    GetSystemTime(&now);
    int length = snprintf(line, sizeof line, "%04u-%02u-%02uT%02u:%02u:%02uZ ", now.wYear, now.wMonth, now.wDay, now.wHour, now.wMinute, now.wSecond);
    va_list values;
    va_start(values, format);
    int more = vsnprintf(line + length, sizeof line - (size_t)length - 2, format, values);
    va_end(values);
    if (more < 0)
        return;
    length += more;
    if (length > (int)sizeof line - 3)
        length = (int)sizeof line - 3;
    line[length++] = '\r';
    line[length++] = '\n';
    DWORD written;
    if (file != INVALID_HANDLE_VALUE)
        WriteFile(file, line, (DWORD)length, &written, NULL);
}
