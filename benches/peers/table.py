"""One table of all sides, measured one after the other: `python benches/peers/table.py` from the root of the repository.

    python benches/peers/table.py [--stan PYTHON] [--no-stan]

PYTHON is an interpreter with `requirements-stan.txt` (Stan's pins do not go together with every version of JAX).
"""
import argparse
import subprocess
import sys


def rows(command):
    """The cells of each row of the markdown table that a command prints, by the row's name."""
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    cells = [[c.strip() for c in line.strip("| \n").split("|")] for line in out.splitlines() if line.startswith("|")]
    return {row[0]: row[1:] for row in cells[2:]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stan", default=sys.executable)
    parser.add_argument("--no-stan", action="store_true")
    options = parser.parse_args()
    ours = rows(["cargo", "bench", "--bench", "gradients"])
    jax = rows([sys.executable, "benches/peers/gradients.py", "time"])
    stan = {} if options.no_stan else rows([options.stan, "benches/peers/gradients_stan.py"])
    print("| workload | ours, µs | by hand, µs | ours / by hand | JAX, µs | JAX / ours | Stan, µs | Stan / ours |")
    print("|---|---|---|---|---|---|---|---|")
    for name, cells in ours.items():
        hand, gradient = float(cells[0]), float(cells[1])
        line = [name, f"{gradient:.2f}", f"{hand:.2f}", f"{gradient / hand:.2f}"]
        # The same density in another form of ours has the peers of the row above.
        if not name.startswith("the same"):
            peer = name
        for side in (jax, stan):
            time = side.get(peer)
            line += [time[0], f"{float(time[0]) / gradient:.1f}"] if time else ["", ""]
        print("| " + " | ".join(line) + " |")
    for name, cells in stan.items():
        if name.endswith("fused"):
            print(f"\nStan, {name}: {cells[0]} µs")


if __name__ == "__main__":
    main()
