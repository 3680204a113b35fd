"""The words the guard knows, folded: no marks, small letters.

They stand in code and not in content/lexicons/ because the guard must never run without them: it
is called before anything else is loaded, and a missing word list would be a leak, not an error.
Lists are written as one text each, entries parted by commas.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What was masked. The values are a contract: texts and tests name them."""

    OTP = "otp"
    PIN = "pin"
    PASSWORD = "password"
    LOGIN = "login"
    CVV = "cvv"
    ANSWER = "answer"
    IDENTITY = "identity"
    ACCOUNT = "account"
    CARD = "card"
    PHONE = "phone"


class Role(StrEnum):
    """What a phrase means for the number or word that follows it."""

    CUE = "cue"
    """Names a secret: what belongs to it is masked."""
    WEAK = "weak"
    """Names a secret only when the number looks like one: a bare "code", a bank, "account"."""
    PLAIN = "plain"
    """Names something that is no secret: a dossier, a meter, a decree."""
    FILLER = "filler"
    """May stand between the name of a thing and its value."""


#: Digits as they are said, in VNI spelling (6 circumflex, 7 horn, 8 breve; 1-5 the tones).
_DIGITS = {
    "0": "khong6 ko hong hong6 linh le3 zero o6",
    "1": "mot65 mot61 one",
    "2": "hai two",
    "3": "ba three",
    "4": "bon61 tu7 four",
    "5": "nam8 lam8 nham8 five",
    "6": "sau1 six",
    "7": "bay3 bay63 seven",
    "8": "tam1 eight",
    "9": "chin1 nine",
    "10": "muoi72 muoi7 chuc5",
}
_NO_TONES = str.maketrans("", "", "12345678")
#: As said with marks, and as typed without; "10" is the ten of "four-ty two".
SPOKEN = {word: digit for digit, said in _DIGITS.items() for word in said.split()} | {
    word.translate(_NO_TONES): digit for digit, said in _DIGITS.items() for word in said.split()
}
#: Digits people also use as everyday words: dropped from the end of a code they do not fit.
VAGUE = frozenset("khong ko hong ba hai nam tu sau mot bay tam le o".split())

_CUES = {
    Kind.OTP: """otp, opt, 0 tp, o t p, ma otp, ma opt, ma so otp, so otp, smart otp, soft otp,
        ma xac nhan, ma xac thuc, ma xac minh, ma so xac nhan, ma so xac thuc, ma kich hoat,
        ma xn, ma xt, mxn, mxt, ma dang nhap, ma bao mat, ma khoi phuc, ma du phong, ma code,
        verification code, security code, confirmation code, otp code, code otp, ma ky so, ma smartca,
        ma tin nhan, ma sms, ma giao dich otp, ma authenticator, ma 2fa, ma hai lop, ma 2 lop,
        ma phe duyet, ma dat lai, ma cap lai, ma doi mat khau, ma verify, ma so kich hoat""",
    Kind.PIN: """pin, ma pin, so pin, ma so pin, mpin, pin code, pincode, passcode, pass code,
        pascode, passcod, ma passcode, ma mo khoa, ma mo may, ma khoa, ma khoa man hinh,
        ma man hinh, ma ket, ma ket sat, ma cua, ma vao nha, ma puk, so puk, puk, ma bi mat,
        ma so bi mat, pin rut tien, ma pin rut tien, mat ma, ma the, ma rut tien, ma may, ma vao may, khoa man hinh, ma dien thoai,
        ma token, pin token, ma chuong, ma khoa cua, ma vali, ma so ket""",
    Kind.PASSWORD: """mat khau, matkhau, mk, m k, mkhau, mat khau wifi, mk wifi, pass,
        pas, password, pass word, pasword, passwd, passwork, pw, pwd, psw, pass wifi, wifi pass,
        mat khau moi, mat khau cu, mk moi, mk cu, wifi mk, wifi mat khau, mk khau, ma khau""",
    Kind.CVV: """cvv, cvv 2, cvc, cvc 2, csc, c v v, cvv cvc, ma cvv, ma cvc, so cvv, so cvc,
        ba so sau the, 3 so sau the, ba so mat sau, 3 so mat sau, ba so sau lung the,
        3 so sau lung the, 3 so dang sau the, ba so dang sau the, 3 so phia sau the,
        ba so phia sau the, 3 so cuoi mat sau the, ba so cuoi mat sau the, ma bao mat the,
        ma an toan the, ma an toan, ma bao mat sau the, 3 so sau lung, ba so sau lung,
        3 so o mat sau, ba so o mat sau, 3 so in mat sau, ba so in mat sau,
        ba so bao mat, 3 so bao mat, so bao mat the, ma so bao mat, 3 so cuoi sau the""",
    Kind.IDENTITY: """cccd, c c c d, can cuoc, can cuoc cong dan, the can cuoc, cmnd, cmt, cmtnd,
        cmtnd, cmnn, cmthu, so cccd, so can cuoc, chung minh, chung minh nhan dan,
        chung minh thu, giay chung minh, so chung minh, dinh danh ca nhan, ma dinh danh,
        so dinh danh, ma so dinh danh, ma so dinh danh ca nhan, ma dinh danh ca nhan, ddcn,
        so ddcn, id card, id number, identity card, citizen id, identity number, giay to tuy than,
        so giay to, so giay to tuy than, cancuoc, chungminh, cccd cmnd, cmnd cccd, so cmnd, cm,
        so cm, cmnd cu, cccd moi, cc""",
    Kind.ACCOUNT: """stk, s t k, so tai khoan, so tk, sotaikhoan, tai khoan ngan hang, tk ngan hang,
        tai khoan nhan, tk nhan, tai khoan thu huong, tk thu huong, account number, bank account,
        so account, tai khoan so, tk so, so tai khoan ngan hang, tai khoan nhan tien,
        tai khoan nhan luong, tai khoan luong, tk luong, tai khoan nhan tro cap, tai khoan atm,
        tai khoan the, so tai khoang, so tai khaon, stk ngan hang, stk vi, tai khoan thanh toan,
        tai khoan tiet kiem""",
    Kind.CARD: """so the, so the atm, the atm, the tin dung, the ghi no, the visa, the master,
        the napas, the ngan hang, card number, card no, so in tren the, so tren the, visa,
        mastercard, master card, the so, 16 so, 19 so, 16 so tren the, 16 so the, so the ngan hang,
        so the tin dung, the noi dia, jcb, amex, the thanh toan""",
    Kind.LOGIN: """tk, tai khoan, user, username, user name, ten dang nhap, ten tai khoan,
        ten truy cap, tdn, acc, account, nick, login, log in, id, dang nhap, dang nhap bang,
        email, gmail, mail, ten user, taikhoan, tai khoan dang nhap, wifi ten, ten wifi, user id,
        tendangnhap, ten nguoi dung""",
    Kind.ANSWER: """cau tra loi bao mat, cau tra loi bi mat, dap an bao mat, dap an bi mat,
        tra loi bao mat, tra loi bi mat, tra loi cau hoi bao mat, tra loi cau hoi bi mat,
        dap an cau hoi bao mat, dap an cau hoi bi mat, cau tra loi cho cau hoi bao mat,
        cau tra loi cau hoi bao mat, cau tra loi cho cau hoi bi mat, cau tra loi cua cau hoi bao mat,
        security answer, cau tra loi cua cau hoi bi mat, dap an cho cau hoi bao mat,
        cau tra loi bao ve, dap an cua cau hoi bao mat, cau tra loi cau hoi bi mat""",
}
#: A question whose answer follows somewhere behind.
_QUESTIONS = """cau hoi bao mat, cau hoi bi mat, cau hoi bao ve, cau hoi bao ve tai khoan,
    cau hoi khoi phuc, cau hoi an ninh, cau hoi xac minh, cau hoi xac thuc, security question,
    cau hoi lay lai mat khau"""
#: Said before the answer, when a security question was named earlier.
_LEADS = """cau tra loi, tra loi, tra loi la, dap an, answer, em ghi, toi ghi, minh ghi, em de,
    toi de, minh de, ba de, con de, me de, em dat, em chon la, tl, em nhap, toi nhap"""
_WEAK = {
    Kind.OTP: """ma, ma so, ma la, ma ve, ma 6 so, ma 4 so, ma 8 so, ma sau so, ma bon so,
        ma 6 chu so, ma 4 chu so, day so, so nay, cai ma, con ma, code""",
    Kind.PASSWORD: "wifi, mang wifi",
    Kind.CARD: "the",
    Kind.ACCOUNT: """vietcombank, vcb, agribank, agri, bidv, vietinbank, viettin, ctg, techcombank,
        tech, tcb, mb, mbbank, mb bank, acb, sacombank, vpbank, vp bank, tpbank, tp bank, vib, shb,
        hdbank, ocb, lpbank, lienvietpostbank, seabank, msb, eximbank, nam a bank, bac a bank,
        ngan hang chinh sach, vbsp, pvcombank, kienlongbank, cake, timo, chuyen vao, chuyen khoan,
        ck cho, ck vao, ck qua, chuyen khoan vao, chuyen khoan qua, chuyen tien vao, gui vao""",
}
#: What a number may be called that is no secret.
_PLAIN = """ho so, ma ho so, so ho so, hs so, mhs, ma hs, bien nhan, so bien nhan, bien lai,
    phieu hen, so thu tu, stt, tra cuu, ma tra cuu, thu tuc, ma thu tuc, so hieu, so quyet dinh,
    quyet dinh, nghi dinh, thong tu, nghi quyet, cong van, ke hoach, to trinh, van ban, luat,
    phu luc, bieu mau, so serial, serial, seri, so seri, so quyen, so phat hanh, thua, thua dat,
    to ban do, vao so, hoa don, so hoa don, hop dong, so hop dong, giay phep, giay phep lai xe,
    gplx, bang lai, giay chung sinh, giay khai sinh, khai sinh so, ma khach hang, ma kh, makh,
    so khach hang, ma so thue, mst, ma thue, ma so bhxh, so bhxh, so bao hiem, so so bao hiem,
    so so bhxh, ma the bhyt, the bhyt, so bhyt, the bao hiem, the bao hiem y te, bao hiem y te,
    ma hoc sinh, ma sinh vien, so bao danh, sbd, ma thue bao, thue bao, bien so, bien so xe,
    so khung, so may, imei, so imei, ma vach, ma cua hang, ma dai ly, ma buu dien, ma buu chinh,
    ma vung, ma tinh, ma xa, ma huyen, ma gioi thieu, ma giam gia, ma qr, ma moi, ma van don,
    van don, ma don, ma don hang, don hang, ma buu gui, ma giao dich, ma gd, so tham chieu,
    tham chieu, ma tra soat, tra soat, ma luot, ma phan anh, phan anh, ma ho, ma ho ngheo,
    ma dang ky, ma lop, ma hang, ma san pham, ma don vi, ma loi, loi ma, bao loi, loi64, phien ban,
    version, android, ios, windows, model, phong so, so nha, nha so, duong so, hem, quoc lo,
    tinh lo, cot dien, to63, khu pho, ap61, thon6, goi5, goi5 so, tong dai, hotline,
    duong day nong, lien he, so dien thoai, sdt, may ban, so may ban, truc ban, dau so, soan,
    soan tin, nhan81 tin, luc1, luc, khoang, hon7, gan62, gia1, phi1, le phi, tien62, so tien,
    tong cong, du toan, so du, sd, nap, rut, chuyen63, tru72, phat5, nop, dong1,
    con2, so dien, so nuoc, chi so, dan so, dien tich, ma cb, ma can bo, ma nhan vien, ma nv,
    ma phong, ma nhom, ma truong, ma nganh, ma chuong, so lo, so luong, so lan, so luot,
    so nguoi, so ho, duoi6, 4 so cuoi, bon so cuoi, so cuoi, may so cuoi, 3 so cuoi, mon hoc,
    ma du an, so dang ky, so dkkd, dkkd, ma may, ma thiet bi, ma bao hanh, bao hanh, ma nap,
    ma the cao, the cao, ma hoi vien, ma doan vien, so the dang, the dang, so phieu, ve so,
    ma dat cho, chuyen bay, so van ban, so cong van, so di, toa do, tep, ma chi nhanh,
    ma ngan hang, swift, isbn, ma so doanh nghiep, ma dn, so so do, so do63, so hong62, ma so dat,
    ma so ho, ma dinh danh to chuc, ma dinh danh hoc sinh, ma dinh danh doanh nghiep,
    ma dinh danh co quan, ma so vung trong, iccid, so sim, serial sim, so serial sim, nam8, nam 20,
    ngay2, thang1, ngay, thang, cong1, nghi dinh so, thong tu so, du phong, ma so hoc sinh,
    ma hoc vien, so hieu van ban, giay chung nhan, so giay phep, ma khao sat, ma cuoc hop,
    ma bao cao, ma ap, ma thon, ma to, ma phieu, ma thu vien, ma dien ke, so cong to, cong to"""
_FILLERS = """la, cua, e, em, toi, tui, tao, to, minh, mik, mjnh, anh, a, chi, c, co, chu, bac, ba,
    ong, con, chau, me, ma, bo, cha, vo, chong, no, ho, nguoi, ta, nha, nhe, ne, nghen, nghe, hen,
    day, do, kia, nay, ay, vua, moi, duoc, nhan, nhan duoc, gui, gui ve, gui toi, gui den, gui cho,
    ve, may, den, qua, tren, trong, vao, vo, dien thoai, zalo, vneid, facebook, fb, gmail, google,
    vssid, etax, smartca, mysign, momo, shopee, so, cai, hien, hien tai, bao, dang, nhu, nhu sau,
    sau, duoi, ben duoi, thi, ghi, doc, nhap, giup, gium, dum, ho, cu, cap, lan, hinh nhu, chac,
    van, chinh, chinh xac, dung, phai, luon, thoi, vang, oi, dat, de, doi, thanh, cho, tu,
    ngan hang, nh, tin nhan, sms, app, ung dung, the, tai khoan, tk, dich vu cong, cong dich vu cong,
    dvc, bang, voi, roi, nua, gom, ra, thay, ten, moi nhat, moi nhan, vua nhan, vua nhan duoc, ca,
    nhan ve, ve may, tra ve, hay, hoac, va, khong biet, sai, dung roi, my, is, the number, number,
    internet banking, mobile banking, banking, ky so, chu ky so, token, atm, sim, cong ty, xa, truong,
    co giao, noi, ngoai, be, trai, gai, ban, ad, admin, viettel, vnpt, money, vi, email, mail, mo,
    file, excel, may tinh, dien, so 1, mac dinh, tam, cap lai, lan dau, dang nhap, truy cap, cap 1,
    cap 2, muc 2, muc 1, hoi truoc, hom qua, hom nay, nay gio, luu, nho, tao, dung, xai, xai thu,
    do la, day la, no la, nghia la, tuc la, cuoi, dau, giua, tiep, het, cach, doi tu, ho chieu, mau,
    cong dan, ca nhan, chu, giay, mat truoc, tren the, in tren the, dung ten, ten la, dac biet, kh,
    quy khach, khach hang cua, quy, ls, ban dau, hop, zoom, phong hop, hoc, hoc ba, so lien lac,
    nhan tro cap, nhan an sinh, an sinh xa hoi, tro cap, luong huu, huong, mua, gia dinh, o nha,
    bhxh, bhyt gui, gui tin, nhan tin ve, bao ve, tin, chung thu so, e token, usb token, usb, van phong,
    dk, dki, dang ky, kich hoat, co, e nhan, sdt"""
#: Behind a number: then it counts something.
UNITS = frozenset(
    """dong d vnd k nghin ngan trieu tr ty usd mah wh gb mb kb tb kg ta tan m m2 m3 km cm mm
    ha sao diem phan nguoi ho luot lan giay phut gio ngay thang nam tuoi so chu ky buoc trang dieu
    muc xa tinh thanh vu ca cuoc cau cai chiec tin vien thua lit vong thiet truong
    """.split()
)
#: Certainly money, whatever stands before it.
MONEY = frozenset("dong d vnd k nghin ngan trieu tr ty usd mah".split())

#: Names of things that are often spoken of beside passwords and are never one.
NAMES = frozenset(
    """vneid vssid zalo facebook fb gmail email google wifi smartca mysign etax internet banking
    ibanking smartbanking mobilebanking netbanking ebanking app apple icloud otp pin sms token usb
    excel word file admin online offline tiktok youtube shopee lazada messenger telegram viber
    samsung iphone oppo xiaomi vivo nokia android ios windows chrome bluetooth router modem
    viettel vinaphone mobifone vnpt fpt evn bidv vietcombank agribank techcombank vietinbank
    sacombank vpbank tpbank mbbank hdbank momo zalopay vnpay napas visa mastercard vnedu smas
    dvcqg password passcode login username user account card laptop computer website web page
    link qr nfc sim data reset update click smart soft fanpage email mail server admin pc zoom
    teams meet classroom gplx bhyt bhxh cccd cmnd ubnd wps canva capcut ubuntu macbook ipad imac
    tablet camera vcb tcb acb shb vib ocb msb scb""".split()
)

#: Everyday English that follows the word "password" and is none.
ENGLISH = frozenset(
    """the a an and or of to for on in is was be been my your our his her their this that it its with
    without from by at as not no new old wrong right correct forgot forgotten lost reset change
    changed back sent needed need leaked screen page please how what when where why who again
    problem help recover recovery expired required protect protected manager strong weak safe
    characters letters numbers digits only read field box button link code message phone number
    security question anybody anyone someone somebody everybody first then after before must should
    can could will would have has had get got give gave set sets enter entered type typed use used
    using does doesn dont doesnt cannot cant work works working works still always never same
    different another other protection because about here there which while into also very more
    less long short ask asked tell told know known share shared keep kept save saved show shown
    send receive received locked blocked open opened make made""".split()
)


def _entries(text: str) -> list[tuple[str, ...]]:
    return [tuple(part.split()) for part in text.split(",") if part.strip()]


def _table() -> dict[str, list[tuple[tuple[str, ...], Role, Kind | None]]]:
    """Phrases by their first word, the longest first; of equals the first one listed."""
    found: dict[tuple[str, ...], tuple[Role, Kind | None]] = {}
    for role, lists in ((Role.CUE, _CUES), (Role.WEAK, _WEAK)):
        for kind, text in lists.items():
            for entry in _entries(text):
                found.setdefault(entry, (role, kind))
    for role, text in ((Role.PLAIN, _PLAIN), (Role.FILLER, _FILLERS)):
        for entry in _entries(text):
            found.setdefault(entry, (role, None))
    table: dict[str, list[tuple[tuple[str, ...], Role, Kind | None]]] = {}
    for entry, (role, kind) in found.items():
        table.setdefault(entry[0], []).append((entry, role, kind))
    for rows in table.values():
        rows.sort(key=lambda row: -len(row[0]))
    return table


def _by_first_word(text: str) -> dict[str, list[tuple[str, ...]]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for entry in _entries(text):
        table.setdefault(entry[0], []).append(entry)
    return table


PHRASES = _table()
QUESTIONS = _by_first_word(_QUESTIONS)
LEADS = _by_first_word(_LEADS)
