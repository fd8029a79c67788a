package dev.reprise.cpu.translate;

import dev.reprise.cpu.decode.Predecoded;

/**
 * Which registers may differ from the arrays that they come from when a block of a region has ended: what was written on
 * some way from the entry, or from the last call, where all are put back. A mask of x registers and one of f registers.
 */
final class DirtyRegisters {
    final int[] x;
    final int[] f;

    DirtyRegisters(RegionShape shape) {
        x = new int[shape.blocks];
        f = new int[shape.blocks];
        int[] writtenX = new int[shape.blocks];
        int[] writtenF = new int[shape.blocks];
        for (int block = 0; block < shape.blocks; block++) {
            for (int i = shape.first[block]; i <= shape.last(block); i++) {
                int rd = Predecoded.rd(shape.word[i]);
                int op = Predecoded.op(shape.word[i]);
                if (Predecoded.writesF(op)) {
                    writtenF[block] |= 1 << rd;
                } else if (Operands.writesX(op) && rd != Predecoded.SINK) {
                    writtenX[block] |= 1 << rd;
                }
            }
        }
        System.arraycopy(writtenX, 0, x, 0, shape.blocks);
        System.arraycopy(writtenF, 0, f, 0, shape.blocks);
        boolean changed = true;
        while (changed) {
            changed = false;
            int jumpedX = 0;
            int jumpedF = 0;
            for (int block = 0; block < shape.blocks; block++) {
                if (shape.jumpsInside(block)) {
                    jumpedX |= x[block];
                    jumpedF |= f[block];
                }
            }
            for (int block = 0; block < shape.blocks; block++) {
                changed |= flow(shape.taken(block), x[block], f[block], writtenX, writtenF);
                changed |= flow(shape.following(block), x[block], f[block], writtenX, writtenF);
                if (shape.isLanding[block]) {
                    changed |= flow(block, jumpedX, jumpedF, writtenX, writtenF);
                }
            }
        }
    }

    private boolean flow(int to, int fromX, int fromF, int[] writtenX, int[] writtenF) {
        if (to == RegionShape.NONE) {
            return false;
        }
        int newX = x[to] | fromX | writtenX[to];
        int newF = f[to] | fromF | writtenF[to];
        boolean changed = newX != x[to] || newF != f[to];
        x[to] = newX;
        f[to] = newF;
        return changed;
    }
}
