/* Runs the scripts of the first start. */
#include "first-boot.h"
#include <stdio.h>
#include <wchar.h>

/* The first script by name, in any case of letters. */
static BOOL next_script(const wchar_t *folder, wchar_t *name)
{
    wchar_t pattern[LONGEST_PATH];
    WIN32_FIND_DATAW found;
    swprintf(pattern, LONGEST_PATH, L"%ls\\scripts\\*", folder);
    name[0] = 0;
    HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE)
        return FALSE;
    do {
        if (!(found.dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) && (!name[0] || _wcsicmp(found.cFileName, name) < 0))
            wcscpy(name, found.cFileName);
    } while (FindNextFileW(search, &found));
    FindClose(search);
    return name[0] != 0;
}

/* What a restart has interrupted: it has begun, and nothing runs twice. */
static void drop_interrupted(const wchar_t *folder)
{
    wchar_t path[LONGEST_PATH];
    WIN32_FIND_DATAW found;
    swprintf(path, LONGEST_PATH, L"%ls\\running\\*", folder);
    HANDLE search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE)
        return;
    do {
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            continue;
        log_line("%s was ended by a restart and is not run again", narrow(found.cFileName));
        swprintf(path, LONGEST_PATH, L"%ls\\running\\%ls", folder, found.cFileName);
        DeleteFileW(path);
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

BOOL run_command(wchar_t *command, const wchar_t *folder, DWORD limit_seconds, HANDLE stop, DWORD *code)
{
    SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };
    HANDLE input = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited, OPEN_EXISTING, 0, NULL);
    STARTUPINFOW start = { .cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES, .hStdInput = input, .hStdOutput = log_handle(), .hStdError = log_handle() };
    PROCESS_INFORMATION process;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, CREATE_SUSPENDED | CREATE_NO_WINDOW, NULL, folder, &start, &process)) {
        log_line("cannot be started: error %lu", GetLastError());
        if (job)
            CloseHandle(job);
        CloseHandle(input);
        return FALSE;
    }
    CloseHandle(input);
    BOOL in_job = job && AssignProcessToJobObject(job, process.hProcess);
    ResumeThread(process.hThread);
    HANDLE either[2] = { process.hProcess, stop };
    DWORD ended = WaitForMultipleObjects(stop ? 2 : 1, either, FALSE, limit_seconds * 1000);
    if (ended != WAIT_OBJECT_0) {
        log_line(ended == WAIT_TIMEOUT ? "has not ended after %lu seconds and is killed" : "is killed after less than %lu seconds, as the service is stopped", limit_seconds);
        if (in_job)
            TerminateJobObject(job, 1);
        else
            TerminateProcess(process.hProcess, 1);
        WaitForSingleObject(process.hProcess, 10000);
    } else {
        GetExitCodeProcess(process.hProcess, code);
    }
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    if (job)
        CloseHandle(job);
    return ended == WAIT_OBJECT_0;
}

static BOOL command_of(const wchar_t *path, wchar_t *command, size_t size)
{
    wchar_t system[MAX_PATH];
    const wchar_t *extension = wcsrchr(path, L'.');
    if (!extension || !GetSystemDirectoryW(system, MAX_PATH))
        return FALSE;
    if (!_wcsicmp(extension, L".cmd") || !_wcsicmp(extension, L".bat"))
        return swprintf(command, size, L"\"%ls\\cmd.exe\" /d /c \"\"%ls\"\"", system, path) > 0;
    if (!_wcsicmp(extension, L".ps1"))
        return swprintf(command, size, L"\"%ls\\WindowsPowerShell\\v1.0\\powershell.exe\" -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File \"%ls\"", system, path) > 0;
    return FALSE;
}

/* Whether the script has asked for a restart. One that fails does not keep the others from running. */
static BOOL run_script(const wchar_t *folder, const wchar_t *name, DWORD limit_seconds, HANDLE stop)
{
    wchar_t path[LONGEST_PATH], command[2 * LONGEST_PATH];
    DWORD code = 0;
    swprintf(path, LONGEST_PATH, L"%ls\\running\\%ls", folder, name);
    log_line("%s begins", narrow(name));
    if (!command_of(path, command, 2 * LONGEST_PATH))
        log_line("%s is neither .cmd, .bat nor .ps1 and is left out", narrow(name));
    else if (run_command(command, folder, limit_seconds, stop, &code))
        log_line(code == 0 || code == EXIT_RESTART_REQUIRED || code == EXIT_RESTART_BEGUN ? "%s has ended with code %lu" : "%s failed with code %lu", narrow(name), code);
    DeleteFileW(path);
    return code == EXIT_RESTART_REQUIRED || code == EXIT_RESTART_BEGUN;
}

scripts_result run_scripts(const wchar_t *folder, DWORD limit_seconds, HANDLE stop)
{
    wchar_t name[MAX_PATH], from[LONGEST_PATH], to[LONGEST_PATH];
    swprintf(to, LONGEST_PATH, L"%ls\\running", folder);
    CreateDirectoryW(to, NULL);
    drop_interrupted(folder);
    while (next_script(folder, name)) {
        if (WaitForSingleObject(stop, 0) == WAIT_OBJECT_0)
            return SCRIPTS_STOPPED;
        swprintf(from, LONGEST_PATH, L"%ls\\scripts\\%ls", folder, name);
        swprintf(to, LONGEST_PATH, L"%ls\\running\\%ls", folder, name);
        /* Moved away before it starts, so that none runs twice, also when one restarts the machine. */
        if (!MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
            log_line("%s cannot be moved: error %lu; nothing more is run", narrow(name), GetLastError());
            return SCRIPTS_STOPPED;
        }
        if (run_script(folder, name, limit_seconds, stop))
            return SCRIPTS_WANT_RESTART;
    }
    return WaitForSingleObject(stop, 0) == WAIT_OBJECT_0 && next_script(folder, name) ? SCRIPTS_STOPPED : SCRIPTS_DONE;
}
