package dev.reprise.cpu.decode;

import java.util.List;

/**
 * The operations: one number per instruction of 32 bits, dense from 0; a compressed instruction has the number
 * of the one that it expands to. Generated from {@code rv64gc.encodings} by {@code OpSource} in the tests,
 * checked in so that switches have constants; a test fails when it is stale.
 */
public final class Op {
    /** Not an instruction. */
    public static final int ILLEGAL = 0;

    // I
    /** {@code addi rd,rs1,imm}. */
    public static final int ADDI = 1;
    /** {@code addiw rd,rs1,imm}. */
    public static final int ADDIW = 2;
    /** {@code slli rd,rs1,shamt}. */
    public static final int SLLI = 3;
    /** {@code srli rd,rs1,shamt}. */
    public static final int SRLI = 4;
    /** {@code srai rd,rs1,shamt}. */
    public static final int SRAI = 5;
    /** {@code andi rd,rs1,imm}. */
    public static final int ANDI = 6;
    /** {@code ori rd,rs1,imm}. */
    public static final int ORI = 7;
    /** {@code xori rd,rs1,imm}. */
    public static final int XORI = 8;
    /** {@code slti rd,rs1,imm}. */
    public static final int SLTI = 9;
    /** {@code sltiu rd,rs1,imm}. */
    public static final int SLTIU = 10;
    /** {@code slliw rd,rs1,shamt}. */
    public static final int SLLIW = 11;
    /** {@code srliw rd,rs1,shamt}. */
    public static final int SRLIW = 12;
    /** {@code sraiw rd,rs1,shamt}. */
    public static final int SRAIW = 13;
    /** {@code lui rd,hi20}. */
    public static final int LUI = 14;
    /** {@code auipc rd,hi20}. */
    public static final int AUIPC = 15;
    /** {@code add rd,rs1,rs2}. */
    public static final int ADD = 16;
    /** {@code sub rd,rs1,rs2}. */
    public static final int SUB = 17;
    /** {@code addw rd,rs1,rs2}. */
    public static final int ADDW = 18;
    /** {@code subw rd,rs1,rs2}. */
    public static final int SUBW = 19;
    /** {@code and rd,rs1,rs2}. */
    public static final int AND = 20;
    /** {@code or rd,rs1,rs2}. */
    public static final int OR = 21;
    /** {@code xor rd,rs1,rs2}. */
    public static final int XOR = 22;
    /** {@code sll rd,rs1,rs2}. */
    public static final int SLL = 23;
    /** {@code srl rd,rs1,rs2}. */
    public static final int SRL = 24;
    /** {@code sra rd,rs1,rs2}. */
    public static final int SRA = 25;
    /** {@code slt rd,rs1,rs2}. */
    public static final int SLT = 26;
    /** {@code sltu rd,rs1,rs2}. */
    public static final int SLTU = 27;
    /** {@code sllw rd,rs1,rs2}. */
    public static final int SLLW = 28;
    /** {@code srlw rd,rs1,rs2}. */
    public static final int SRLW = 29;
    /** {@code sraw rd,rs1,rs2}. */
    public static final int SRAW = 30;
    /** {@code ld rd,imm(rs1)}. */
    public static final int LD = 31;
    /** {@code lw rd,imm(rs1)}. */
    public static final int LW = 32;
    /** {@code lbu rd,imm(rs1)}. */
    public static final int LBU = 33;
    /** {@code lhu rd,imm(rs1)}. */
    public static final int LHU = 34;
    /** {@code lwu rd,imm(rs1)}. */
    public static final int LWU = 35;
    /** {@code lb rd,imm(rs1)}. */
    public static final int LB = 36;
    /** {@code lh rd,imm(rs1)}. */
    public static final int LH = 37;
    /** {@code sd rs2,imm(rs1)}. */
    public static final int SD = 38;
    /** {@code sw rs2,imm(rs1)}. */
    public static final int SW = 39;
    /** {@code sb rs2,imm(rs1)}. */
    public static final int SB = 40;
    /** {@code sh rs2,imm(rs1)}. */
    public static final int SH = 41;
    /** {@code beq rs1,rs2,target}. */
    public static final int BEQ = 42;
    /** {@code bne rs1,rs2,target}. */
    public static final int BNE = 43;
    /** {@code blt rs1,rs2,target}. */
    public static final int BLT = 44;
    /** {@code bge rs1,rs2,target}. */
    public static final int BGE = 45;
    /** {@code bltu rs1,rs2,target}. */
    public static final int BLTU = 46;
    /** {@code bgeu rs1,rs2,target}. */
    public static final int BGEU = 47;
    /** {@code jal rd,target}. */
    public static final int JAL = 48;
    /** {@code jalr rd,imm(rs1)}. */
    public static final int JALR = 49;

    // M
    /** {@code mul rd,rs1,rs2}. */
    public static final int MUL = 50;
    /** {@code mulh rd,rs1,rs2}. */
    public static final int MULH = 51;
    /** {@code mulhsu rd,rs1,rs2}. */
    public static final int MULHSU = 52;
    /** {@code mulhu rd,rs1,rs2}. */
    public static final int MULHU = 53;
    /** {@code div rd,rs1,rs2}. */
    public static final int DIV = 54;
    /** {@code divu rd,rs1,rs2}. */
    public static final int DIVU = 55;
    /** {@code rem rd,rs1,rs2}. */
    public static final int REM = 56;
    /** {@code remu rd,rs1,rs2}. */
    public static final int REMU = 57;
    /** {@code mulw rd,rs1,rs2}. */
    public static final int MULW = 58;
    /** {@code divw rd,rs1,rs2}. */
    public static final int DIVW = 59;
    /** {@code divuw rd,rs1,rs2}. */
    public static final int DIVUW = 60;
    /** {@code remw rd,rs1,rs2}. */
    public static final int REMW = 61;
    /** {@code remuw rd,rs1,rs2}. */
    public static final int REMUW = 62;

    // Zba
    /** {@code add.uw rd,rs1,rs2}. */
    public static final int ADD_UW = 63;
    /** {@code sh1add rd,rs1,rs2}. */
    public static final int SH1ADD = 64;
    /** {@code sh2add rd,rs1,rs2}. */
    public static final int SH2ADD = 65;
    /** {@code sh3add rd,rs1,rs2}. */
    public static final int SH3ADD = 66;
    /** {@code sh1add.uw rd,rs1,rs2}. */
    public static final int SH1ADD_UW = 67;
    /** {@code sh2add.uw rd,rs1,rs2}. */
    public static final int SH2ADD_UW = 68;
    /** {@code sh3add.uw rd,rs1,rs2}. */
    public static final int SH3ADD_UW = 69;
    /** {@code slli.uw rd,rs1,shamt}. */
    public static final int SLLI_UW = 70;

    // Zbb
    /** {@code andn rd,rs1,rs2}. */
    public static final int ANDN = 71;
    /** {@code orn rd,rs1,rs2}. */
    public static final int ORN = 72;
    /** {@code xnor rd,rs1,rs2}. */
    public static final int XNOR = 73;
    /** {@code max rd,rs1,rs2}. */
    public static final int MAX = 74;
    /** {@code maxu rd,rs1,rs2}. */
    public static final int MAXU = 75;
    /** {@code min rd,rs1,rs2}. */
    public static final int MIN = 76;
    /** {@code minu rd,rs1,rs2}. */
    public static final int MINU = 77;
    /** {@code rol rd,rs1,rs2}. */
    public static final int ROL = 78;
    /** {@code ror rd,rs1,rs2}. */
    public static final int ROR = 79;
    /** {@code rori rd,rs1,shamt}. */
    public static final int RORI = 80;
    /** {@code rolw rd,rs1,rs2}. */
    public static final int ROLW = 81;
    /** {@code rorw rd,rs1,rs2}. */
    public static final int RORW = 82;
    /** {@code roriw rd,rs1,shamt}. */
    public static final int RORIW = 83;
    /** {@code clz rd,rs1}. */
    public static final int CLZ = 84;
    /** {@code ctz rd,rs1}. */
    public static final int CTZ = 85;
    /** {@code cpop rd,rs1}. */
    public static final int CPOP = 86;
    /** {@code clzw rd,rs1}. */
    public static final int CLZW = 87;
    /** {@code ctzw rd,rs1}. */
    public static final int CTZW = 88;
    /** {@code cpopw rd,rs1}. */
    public static final int CPOPW = 89;
    /** {@code sext.b rd,rs1}. */
    public static final int SEXT_B = 90;
    /** {@code sext.h rd,rs1}. */
    public static final int SEXT_H = 91;
    /** {@code zext.h rd,rs1}. */
    public static final int ZEXT_H = 92;
    /** {@code rev8 rd,rs1}. */
    public static final int REV8 = 93;
    /** {@code orc.b rd,rs1}. */
    public static final int ORC_B = 94;

    // Zbs
    /** {@code bclr rd,rs1,rs2}. */
    public static final int BCLR = 95;
    /** {@code bext rd,rs1,rs2}. */
    public static final int BEXT = 96;
    /** {@code binv rd,rs1,rs2}. */
    public static final int BINV = 97;
    /** {@code bset rd,rs1,rs2}. */
    public static final int BSET = 98;
    /** {@code bclri rd,rs1,shamt}. */
    public static final int BCLRI = 99;
    /** {@code bexti rd,rs1,shamt}. */
    public static final int BEXTI = 100;
    /** {@code binvi rd,rs1,shamt}. */
    public static final int BINVI = 101;
    /** {@code bseti rd,rs1,shamt}. */
    public static final int BSETI = 102;

    // A
    /** {@code lr.w rd,(rs1)}. */
    public static final int LR_W = 103;
    /** {@code sc.w rd,rs2,(rs1)}. */
    public static final int SC_W = 104;
    /** {@code amoswap.w rd,rs2,(rs1)}. */
    public static final int AMOSWAP_W = 105;
    /** {@code amoadd.w rd,rs2,(rs1)}. */
    public static final int AMOADD_W = 106;
    /** {@code amoxor.w rd,rs2,(rs1)}. */
    public static final int AMOXOR_W = 107;
    /** {@code amoand.w rd,rs2,(rs1)}. */
    public static final int AMOAND_W = 108;
    /** {@code amoor.w rd,rs2,(rs1)}. */
    public static final int AMOOR_W = 109;
    /** {@code amomin.w rd,rs2,(rs1)}. */
    public static final int AMOMIN_W = 110;
    /** {@code amomax.w rd,rs2,(rs1)}. */
    public static final int AMOMAX_W = 111;
    /** {@code amominu.w rd,rs2,(rs1)}. */
    public static final int AMOMINU_W = 112;
    /** {@code amomaxu.w rd,rs2,(rs1)}. */
    public static final int AMOMAXU_W = 113;
    /** {@code lr.d rd,(rs1)}. */
    public static final int LR_D = 114;
    /** {@code sc.d rd,rs2,(rs1)}. */
    public static final int SC_D = 115;
    /** {@code amoswap.d rd,rs2,(rs1)}. */
    public static final int AMOSWAP_D = 116;
    /** {@code amoadd.d rd,rs2,(rs1)}. */
    public static final int AMOADD_D = 117;
    /** {@code amoxor.d rd,rs2,(rs1)}. */
    public static final int AMOXOR_D = 118;
    /** {@code amoand.d rd,rs2,(rs1)}. */
    public static final int AMOAND_D = 119;
    /** {@code amoor.d rd,rs2,(rs1)}. */
    public static final int AMOOR_D = 120;
    /** {@code amomin.d rd,rs2,(rs1)}. */
    public static final int AMOMIN_D = 121;
    /** {@code amomax.d rd,rs2,(rs1)}. */
    public static final int AMOMAX_D = 122;
    /** {@code amominu.d rd,rs2,(rs1)}. */
    public static final int AMOMINU_D = 123;
    /** {@code amomaxu.d rd,rs2,(rs1)}. */
    public static final int AMOMAXU_D = 124;

    // I
    /** {@code fence pred,succ}. */
    public static final int FENCE = 125;

    // Zifencei
    /** {@code fence.i}. */
    public static final int FENCE_I = 126;

    // I
    /** {@code ecall}. */
    public static final int ECALL = 127;
    /** {@code ebreak}. */
    public static final int EBREAK = 128;

    // Priv
    /** {@code mret}. */
    public static final int MRET = 129;
    /** {@code sret}. */
    public static final int SRET = 130;
    /** {@code wfi}. */
    public static final int WFI = 131;
    /** {@code sfence.vma rs1,rs2}. */
    public static final int SFENCE_VMA = 132;

    // Zicsr
    /** {@code csrrw rd,csr,rs1}. */
    public static final int CSRRW = 133;
    /** {@code csrrs rd,csr,rs1}. */
    public static final int CSRRS = 134;
    /** {@code csrrc rd,csr,rs1}. */
    public static final int CSRRC = 135;
    /** {@code csrrwi rd,csr,zimm}. */
    public static final int CSRRWI = 136;
    /** {@code csrrsi rd,csr,zimm}. */
    public static final int CSRRSI = 137;
    /** {@code csrrci rd,csr,zimm}. */
    public static final int CSRRCI = 138;

    // D
    /** {@code fld frd,imm(rs1)}. */
    public static final int FLD = 139;
    /** {@code fsd frs2,imm(rs1)}. */
    public static final int FSD = 140;
    /** {@code fmadd.d frd,frs1,frs2,frs3,rm}. */
    public static final int FMADD_D = 141;
    /** {@code fmsub.d frd,frs1,frs2,frs3,rm}. */
    public static final int FMSUB_D = 142;
    /** {@code fnmsub.d frd,frs1,frs2,frs3,rm}. */
    public static final int FNMSUB_D = 143;
    /** {@code fnmadd.d frd,frs1,frs2,frs3,rm}. */
    public static final int FNMADD_D = 144;
    /** {@code fadd.d frd,frs1,frs2,rm}. */
    public static final int FADD_D = 145;
    /** {@code fsub.d frd,frs1,frs2,rm}. */
    public static final int FSUB_D = 146;
    /** {@code fmul.d frd,frs1,frs2,rm}. */
    public static final int FMUL_D = 147;
    /** {@code fdiv.d frd,frs1,frs2,rm}. */
    public static final int FDIV_D = 148;
    /** {@code fsqrt.d frd,frs1,rm}. */
    public static final int FSQRT_D = 149;
    /** {@code fsgnj.d frd,frs1,frs2}. */
    public static final int FSGNJ_D = 150;
    /** {@code fsgnjn.d frd,frs1,frs2}. */
    public static final int FSGNJN_D = 151;
    /** {@code fsgnjx.d frd,frs1,frs2}. */
    public static final int FSGNJX_D = 152;
    /** {@code fmin.d frd,frs1,frs2}. */
    public static final int FMIN_D = 153;
    /** {@code fmax.d frd,frs1,frs2}. */
    public static final int FMAX_D = 154;
    /** {@code feq.d rd,frs1,frs2}. */
    public static final int FEQ_D = 155;
    /** {@code flt.d rd,frs1,frs2}. */
    public static final int FLT_D = 156;
    /** {@code fle.d rd,frs1,frs2}. */
    public static final int FLE_D = 157;
    /** {@code fclass.d rd,frs1}. */
    public static final int FCLASS_D = 158;
    /** {@code fcvt.w.d rd,frs1,rm}. */
    public static final int FCVT_W_D = 159;
    /** {@code fcvt.wu.d rd,frs1,rm}. */
    public static final int FCVT_WU_D = 160;
    /** {@code fcvt.l.d rd,frs1,rm}. */
    public static final int FCVT_L_D = 161;
    /** {@code fcvt.lu.d rd,frs1,rm}. */
    public static final int FCVT_LU_D = 162;
    /** {@code fcvt.d.w frd,rs1,exactrm}. */
    public static final int FCVT_D_W = 163;
    /** {@code fcvt.d.wu frd,rs1,exactrm}. */
    public static final int FCVT_D_WU = 164;
    /** {@code fcvt.d.l frd,rs1,rm}. */
    public static final int FCVT_D_L = 165;
    /** {@code fcvt.d.lu frd,rs1,rm}. */
    public static final int FCVT_D_LU = 166;
    /** {@code fmv.x.d rd,frs1}. */
    public static final int FMV_X_D = 167;
    /** {@code fmv.d.x frd,rs1}. */
    public static final int FMV_D_X = 168;
    /** {@code fcvt.d.s frd,frs1,exactrm}. */
    public static final int FCVT_D_S = 169;
    /** {@code fcvt.s.d frd,frs1,rm}. */
    public static final int FCVT_S_D = 170;

    // F
    /** {@code flw frd,imm(rs1)}. */
    public static final int FLW = 171;
    /** {@code fsw frs2,imm(rs1)}. */
    public static final int FSW = 172;
    /** {@code fmadd.s frd,frs1,frs2,frs3,rm}. */
    public static final int FMADD_S = 173;
    /** {@code fmsub.s frd,frs1,frs2,frs3,rm}. */
    public static final int FMSUB_S = 174;
    /** {@code fnmsub.s frd,frs1,frs2,frs3,rm}. */
    public static final int FNMSUB_S = 175;
    /** {@code fnmadd.s frd,frs1,frs2,frs3,rm}. */
    public static final int FNMADD_S = 176;
    /** {@code fadd.s frd,frs1,frs2,rm}. */
    public static final int FADD_S = 177;
    /** {@code fsub.s frd,frs1,frs2,rm}. */
    public static final int FSUB_S = 178;
    /** {@code fmul.s frd,frs1,frs2,rm}. */
    public static final int FMUL_S = 179;
    /** {@code fdiv.s frd,frs1,frs2,rm}. */
    public static final int FDIV_S = 180;
    /** {@code fsqrt.s frd,frs1,rm}. */
    public static final int FSQRT_S = 181;
    /** {@code fsgnj.s frd,frs1,frs2}. */
    public static final int FSGNJ_S = 182;
    /** {@code fsgnjn.s frd,frs1,frs2}. */
    public static final int FSGNJN_S = 183;
    /** {@code fsgnjx.s frd,frs1,frs2}. */
    public static final int FSGNJX_S = 184;
    /** {@code fmin.s frd,frs1,frs2}. */
    public static final int FMIN_S = 185;
    /** {@code fmax.s frd,frs1,frs2}. */
    public static final int FMAX_S = 186;
    /** {@code feq.s rd,frs1,frs2}. */
    public static final int FEQ_S = 187;
    /** {@code flt.s rd,frs1,frs2}. */
    public static final int FLT_S = 188;
    /** {@code fle.s rd,frs1,frs2}. */
    public static final int FLE_S = 189;
    /** {@code fclass.s rd,frs1}. */
    public static final int FCLASS_S = 190;
    /** {@code fcvt.w.s rd,frs1,rm}. */
    public static final int FCVT_W_S = 191;
    /** {@code fcvt.wu.s rd,frs1,rm}. */
    public static final int FCVT_WU_S = 192;
    /** {@code fcvt.l.s rd,frs1,rm}. */
    public static final int FCVT_L_S = 193;
    /** {@code fcvt.lu.s rd,frs1,rm}. */
    public static final int FCVT_LU_S = 194;
    /** {@code fcvt.s.w frd,rs1,rm}. */
    public static final int FCVT_S_W = 195;
    /** {@code fcvt.s.wu frd,rs1,rm}. */
    public static final int FCVT_S_WU = 196;
    /** {@code fcvt.s.l frd,rs1,rm}. */
    public static final int FCVT_S_L = 197;
    /** {@code fcvt.s.lu frd,rs1,rm}. */
    public static final int FCVT_S_LU = 198;
    /** {@code fmv.x.w rd,frs1}. */
    public static final int FMV_X_W = 199;
    /** {@code fmv.w.x frd,rs1}. */
    public static final int FMV_W_X = 200;

    /** The number of operations, with ILLEGAL. */
    public static final int COUNT = 201;

    private static final List<Encoding> ENCODINGS = EncodingTable.instructions();

    private Op() {
    }

    private static String kind(int op) {
        return op == ILLEGAL ? "end" : ENCODINGS.get(op - 1).kind();
    }

    /** The mnemonic, such as {@code add.uw}; {@code illegal} for 0. */
    public static String name(int op) {
        return op == ILLEGAL ? "illegal" : ENCODINGS.get(op - 1).mnemonic();
    }

    /** The extension that brings the operation, such as {@code Zba}; empty for ILLEGAL. */
    public static String extension(int op) {
        return op == ILLEGAL ? "" : ENCODINGS.get(op - 1).extension();
    }

    /** The name of the operand format, such as {@code R}; {@code NONE} for ILLEGAL. */
    public static String format(int op) {
        return op == ILLEGAL ? "NONE" : ENCODINGS.get(op - 1).format().name();
    }

    /** Whether it is a conditional branch. */
    public static boolean isBranch(int op) {
        return kind(op).equals("branch");
    }

    /** Whether it reads memory as data; an AMO does both. */
    public static boolean isLoad(int op) {
        return kind(op).equals("load") || kind(op).equals("amo");
    }

    /** Whether it writes memory. */
    public static boolean isStore(int op) {
        return kind(op).equals("store") || kind(op).equals("amo");
    }

    /** Whether no instruction may follow it in a predecoded block (conditional branches do not say so). */
    public static boolean endsBlock(int op) {
        return kind(op).equals("end");
    }

    /** Whether its word names a rounding mode. */
    public static boolean usesRm(int op) {
        return op != ILLEGAL && ENCODINGS.get(op - 1).format().hasRoundingMode();
    }
}
